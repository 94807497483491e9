-- What drivers say about costs, what came of it, and what was asked once.
-- Times are milliseconds since 1970 (UTC), amounts the currency's smallest unit.

create table disputes (
    id text primary key check (id like 'disp_%'),
    person_id text not null references people (id),
    -- Where the real system looks after disputes, no session of ours.
    session_id text not null,
    -- 1 if the real system decides; what it doesn't tell is null.
    upstream bigint not null check (upstream in (0, 1)),
    upstream_id text,
    status text not null,
    turn text not null check (turn in ('driver', 'operator', 'nobody', 'unknown')),
    -- Which line is said to be wrong; null is the total.
    line text,
    reason text not null check (length(reason) between 1 and 2000),
    expected_minor bigint check (expected_minor >= 0),
    -- What the session cost, where and when it was, as known when this was filed.
    billed_minor bigint check (billed_minor >= 0),
    currency text check (length(currency) = 3),
    site_name text,
    time_zone text,
    started_at bigint not null,
    filed_at bigint not null,
    changed_at bigint not null,
    decided_at bigint,
    outcome text check (outcome in ('accepted', 'partly_accepted', 'rejected')),
    credit_minor bigint check (credit_minor > 0),
    corrected_receipt text,
    check (changed_at >= filed_at),
    check (upstream = 1 or status in ('open', 'under_review', 'resolved', 'rejected')),
    check (upstream = 1 or billed_minor is not null),
    check ((upstream = 1) = (turn = 'unknown')),
    check ((billed_minor is null) or (currency is not null)),
    -- Decided once, with all that belongs to it or nothing.
    check ((decided_at is null) = (outcome is null)),
    check (upstream = 1 or (decided_at is null) = (status in ('open', 'under_review'))),
    check (upstream = 1 or (status = 'rejected') = (coalesce(outcome, '') = 'rejected')),
    check ((credit_minor is null) = (coalesce(outcome, 'rejected') = 'rejected')),
    check ((credit_minor is null) = (corrected_receipt is null)),
    -- Nobody gets back more than was charged.
    check (credit_minor <= billed_minor)
);

-- One at a time about a session.
create unique index disputes_undecided on disputes (session_id)
    where upstream = 0 and decided_at is null;
create unique index disputes_unconfirmed on disputes (session_id) where status = 'unconfirmed';
create index disputes_of_session on disputes (session_id, person_id, filed_at desc, id desc, status);
create index disputes_of_person on disputes (person_id, filed_at desc, id desc);
create index disputes_at_desk on disputes (filed_at, id) where upstream = 0 and decided_at is null;

create table dispute_events (
    dispute_id text not null references disputes (id) on delete cascade,
    number bigint not null check (number >= 1),
    at bigint not null,
    kind text not null check (kind in ('filed', 'in_review', 'question', 'answer', 'decided',
        'credited')),
    author_id text references people (id),
    -- Exactly as typed; the reason stands in the dispute.
    text text check (length(text) between 1 and 2000),
    primary key (dispute_id, number)
);

-- Photos and papers, without what cameras note. Sent again, they are the same.
create table dispute_files (
    id text primary key check (id like 'file_%'),
    person_id text not null references people (id),
    sha256 text not null check (length(sha256) = 64),
    name text not null check (length(name) between 1 and 120),
    kind text not null check (kind in ('image/jpeg', 'image/png', 'application/pdf')),
    size bigint not null check (size > 0),
    content bytea not null,
    sent_at bigint not null,
    unique (person_id, sha256)
);

create index dispute_files_by_age on dispute_files (sent_at);

create table dispute_attachments (
    dispute_id text not null references disputes (id) on delete cascade,
    place bigint not null check (place between 1 and 3),
    file_id text not null references dispute_files (id),
    primary key (dispute_id, file_id)
);

create index dispute_attachments_of_file on dispute_attachments (file_id);

-- Requests that must not be done twice, and how they were answered.
create table idempotency (
    person_id text not null references people (id) on delete cascade,
    route text not null,
    key text not null check (length(key) between 8 and 128),
    -- Of what was sent.
    fingerprint text not null check (length(fingerprint) = 64),
    -- Null while it is under way, or was when the program ended.
    status bigint,
    body text,
    -- Until then nobody tries again what is under way.
    busy_until bigint not null,
    asked_at bigint not null,
    primary key (person_id, route, key),
    check ((status is null) = (body is null))
);

create index idempotency_by_age on idempotency (asked_at);
