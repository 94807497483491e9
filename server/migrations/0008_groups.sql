-- Drivers who share tokens, what they may spend, and what was claimed of that.
-- Times are milliseconds since 1970 (UTC), amounts the currency's smallest unit,
-- local days numbers such as 20250302 by the group's clock.

create table groups (
    id text primary key check (id like 'group_%'),
    name text not null check (length(name) between 1 and 100),
    organisation_id text not null references organisations (id),
    -- Who is charged: nobody who could sign in, and whose name is the group's.
    person_id text not null unique references people (id),
    -- What all its tokens have in common at a charge point.
    parent_tag text not null unique
        check (length(parent_tag) between 1 and 20 and parent_tag = upper(parent_tag)),
    currency text not null check (length(currency) = 3 and currency = upper(currency)),
    -- What a month and what one charge may cost; null: any amount.
    monthly_limit bigint check (monthly_limit >= 0),
    per_session_limit bigint check (per_session_limit >= 0),
    -- Whose midnight ends the month; IANA.
    time_zone text not null default 'Europe/Berlin',
    created_at bigint not null
);



create table group_members (
    group_id text not null references groups (id) on delete cascade,
    person_id text not null references people (id) on delete cascade,
    admin bigint not null default 0 check (admin in (0, 1)),
    added_at bigint not null,
    primary key (group_id, person_id)
);

create index groups_of_person on group_members (person_id, group_id);
create index group_admins on group_members (group_id, person_id) where admin = 1;

create table group_tokens (
    id text primary key check (id like 'tok_%'),
    -- Its number, in upper case; that of a blocked one is never given again.
    uid text not null unique check (length(uid) between 1 and 20 and uid = upper(uid)),
    group_id text not null references groups (id),
    -- Which of the group's it is, from 1.
    position bigint not null check (position >= 1),
    kind text not null check (kind in ('RFID', 'VIRTUAL')),
    label text not null check (length(label) between 1 and 100),
    -- The vehicle that it lies in.
    vehicle text,
    status text not null default 'ACTIVE' check (status in ('ACTIVE', 'BLOCKED')),
    blocked_at bigint,
    blocked_by text references people (id),
    reason text check (reason in ('lost', 'replaced')),
    -- What it was replaced by.
    replaced_by text references group_tokens (id),
    created_at bigint not null,
    unique (group_id, position),
    check ((status = 'BLOCKED') = (blocked_at is not null)),
    check ((blocked_at is null) = (reason is null))
);

create index group_tokens_by_status on group_tokens (group_id, status, position);

-- What a month has cost and what is set aside: the sums of the claims. Changed only
-- in the transaction that changes a claim.
create table group_months (
    group_id text not null references groups (id),
    -- A number such as 202503.
    month bigint not null,
    held bigint not null default 0 check (held >= 0),
    spent bigint not null default 0 check (spent >= 0),
    -- 1 once people were told that most of it is gone.
    told bigint not null default 0 check (told in (0, 1)),
    primary key (group_id, month)
);

-- Every charge on a group's account, from when money is set aside for it.
create table group_claims (
    -- Of a booking, or of a session that nobody booked: its id.
    reference text primary key,
    group_id text not null references groups (id),
    -- The day it counts for.
    local_day bigint not null check (local_day between 19700101 and 99991231),
    at bigint not null,
    -- What was set aside, which counts while it is open, and what it came to.
    held bigint not null check (held >= 0),
    spent bigint not null default 0 check (spent >= 0),
    open bigint not null default 1 check (open in (0, 1)),
    -- Whoever it was, where that is known.
    person_id text references people (id) on delete set null,
    -- The session that it became.
    session_id text unique references sessions (id),
    check (open = 0 or spent = 0)
);

create index group_claims_by_time on group_claims (group_id, at desc, reference desc);
create index group_claims_open on group_claims (group_id, at) where open = 1;
create index group_claims_by_day on group_claims (group_id, local_day, open, held, spent,
    person_id, session_id);
