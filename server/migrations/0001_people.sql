-- People, where they are signed in, how they get back in, what is sent to them.
-- Times are milliseconds since 1970 (UTC). Hashes are SHA-256 in hex.

create table organisations (
    id text primary key check (id like 'org_%'),
    name text not null,
    -- For receipts: lines, and the number that tax authorities know it by.
    address text,
    vat_id text
);

create table people (
    id text primary key check (id like 'usr_%'),
    -- Lower case, without spaces around it.
    email text not null unique check (email = lower(email)),
    name text not null check (length(name) between 1 and 100),
    -- Argon2id as a PHC string; null for somebody who cannot sign in.
    password_hash text check (password_hash like '$argon2id$%'),
    organisation_id text references organisations (id),
    -- For receipts, where they are not the organisation's.
    address text,
    vat_id text,
    -- Whom a real Dynamo knows this person as.
    dynamo_user_id text unique,
    -- Null follows the browser.
    language text check (language in ('en', 'de', 'fr', 'es')),
    look text not null default 'system' check (look in ('system', 'light', 'dark')),
    created_at bigint not null
);

create table person_roles (
    person_id text not null references people (id) on delete cascade,
    role text not null check (role in ('driver', 'group_member', 'employee', 'manager',
        'organisation_admin', 'site_owner', 'staff')),
    primary key (person_id, role)
);

-- A browser somebody is signed in with. The token itself is nowhere.
create table devices (
    id text primary key check (id like 'dev_%'),
    token_hash text not null unique check (length(token_hash) = 64),
    person_id text not null references people (id) on delete cascade,
    -- 1 if somebody else uses it too.
    shared bigint not null check (shared in (0, 1)),
    browser text,
    system text,
    signed_in_at bigint not null,
    last_seen_at bigint not null,
    idle_seconds bigint not null check (idle_seconds > 0),
    expires_at bigint not null,
    check (last_seen_at >= signed_in_at),
    check (expires_at > signed_in_at)
);

create index devices_of_person on devices (person_id, last_seen_at);
create index devices_by_expiry on devices (expires_at);

-- Letters that set a new password. Used once, by used_at.
create table resets (
    token_hash text primary key check (length(token_hash) = 64),
    person_id text not null references people (id) on delete cascade,
    expires_at bigint not null,
    used_at bigint
);

create index resets_of_person on resets (person_id);

-- Tries that are counted. The subject is hashed: no address stands here.
create table tries (
    kind text not null,
    subject_hash text not null check (length(subject_hash) = 64),
    -- When the window began in which they are counted.
    since bigint not null,
    count bigint not null check (count >= 0),
    primary key (kind, subject_hash)
);

create index tries_by_age on tries (since);

-- Letters until they are sent.
create table letters (
    id text primary key check (id like 'let_%'),
    kind text not null,
    recipient text not null,
    subject text not null,
    body text not null,
    created_at bigint not null,
    tries bigint not null default 0,
    next_try_at bigint not null
);

create index letters_due on letters (next_try_at);
