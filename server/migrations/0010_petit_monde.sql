-- A real Petit Monde: as whom it knows people, what is booked there, and how often a
-- system was asked.

alter table people add column petit_monde_customer_id text;

create unique index people_by_customer on people (petit_monde_customer_id);

-- Bookings that a real Petit Monde keeps, written down before it is asked for them.
create table bookings_elsewhere (
    -- A UUID of ours: what people know it by, and the end of what Petit Monde is told as
    -- its external_id.
    id text primary key check (length(id) = 36),
    -- What Petit Monde calls it; null until that is known.
    upstream_id text unique,
    -- What Petit Monde is told as its external_id.
    reference text not null unique,
    booker_id text not null references people (id),
    -- The Idempotency-Key that it was asked for with.
    request_key text not null,
    group_id text references groups (id),
    starts_at bigint not null,
    ends_at bigint not null,
    -- In Petit Monde's words, which may be any.
    status text not null,
    -- Whether nothing more will happen.
    closed bigint not null default 0 check (closed in (0, 1)),
    -- All that is told of it, as JSON.
    told text not null,
    -- When it is asked for again, when it was last, and how often since anything changed.
    ask_at bigint not null,
    asked_at bigint not null,
    asked bigint not null default 0,
    created_at bigint not null,
    unique (booker_id, request_key),
    check (ends_at > starts_at)
);

create index bookings_elsewhere_of_person
    on bookings_elsewhere (booker_id, created_at desc, id desc);
create index bookings_elsewhere_open on bookings_elsewhere (ask_at) where closed = 0;

-- When a real Petit Monde was asked about a group last.
alter table groups add column asked_at bigint not null default 0;

-- How often a system may still be asked, by all copies of the server together.
create table quotas (
    system text primary key,
    -- A number such as 202503 (UTC), and the calls in it.
    month bigint not null,
    calls bigint not null,
    -- What the system itself says is left, and until when that holds.
    told_left bigint,
    told_until bigint,
    -- It asked to be left alone until then.
    shut_until bigint not null,
    -- No booking is made before that.
    make_at bigint not null,
    -- When it was asked for its own count last.
    checked_at bigint not null
);

-- The calls of the last minute.
create table quota_calls (
    system text not null references quotas (system),
    at bigint not null,
    -- Made to follow open bookings, not because somebody waits.
    following bigint not null check (following in (0, 1))
);

create index quota_calls_by_time on quota_calls (system, at);
