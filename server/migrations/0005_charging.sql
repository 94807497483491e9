-- Where places are and when one can get in, what their charge points are doing, who
-- holds which plug, what charge points report, and what is told to whoever looks.

-- In millionths of a degree; both or none.
alter table sites add column latitude bigint check (latitude between -90000000 and 90000000);
alter table sites add column longitude bigint check (longitude between -180000000 and 180000000);
-- 'unknown', 'always', or 'listed' in opening_hours.
alter table sites add column hours text not null default 'unknown'
    check (hours in ('unknown', 'always', 'listed'));

create table opening_hours (
    site_id text not null references sites (id),
    -- 1 for Monday to 7 for Sunday.
    day bigint not null check (day between 1 and 7),
    -- Minutes after midnight by the place's clock.
    from_minute bigint not null check (from_minute between 0 and 1439),
    to_minute bigint not null check (to_minute > from_minute and to_minute <= 1440),
    primary key (site_id, day, from_minute)
);

-- What a charge point signs in with, salted; null: it cannot.
alter table charge_points add column key_salt text;
alter table charge_points add column key_hash text check (length(key_hash) = 64);
-- Which copy of the server it is connected to; null: none. A newer connection has a
-- higher number: what an older one reports late changes nothing.
alter table charge_points add column server_id text;
alter table charge_points add column connection bigint not null default 0;
-- What it speaks: '1.6' or '2.0.1'.
alter table charge_points add column protocol text;
-- 0 once it said that it takes no holds.
alter table charge_points add column takes_holds bigint not null default 1
    check (takes_holds in (0, 1));

create index charge_points_by_place on charge_points (site_id, id);
create index charge_points_by_server on charge_points (server_id);

alter table connectors add column plug text check (plug in ('type2', 'ccs', 'chademo'));
-- What charging costs there; null: nobody can charge there.
alter table connectors add column tariff_id text references tariffs (id);
-- What it reported last, and when that was, by the charge point's clock.
alter table connectors add column state text not null default 'unavailable'
    check (state in ('available', 'occupied', 'reserved', 'faulted', 'unavailable'));
alter table connectors add column state_at bigint;

-- Copies of the server: one that is silent for long is dead.
create table servers (
    id text primary key,
    seen_at bigint not null
);

create table id_tags (
    -- A card's number, in upper case.
    id_tag text primary key check (length(id_tag) between 1 and 20 and id_tag = upper(id_tag)),
    person_id text not null references people (id) on delete cascade
);

create index id_tags_of_person on id_tags (person_id);

-- What stands for an e-mail address where a charge point takes no more than 20 signs.
create table short_tags (
    short_tag text primary key check (length(short_tag) <= 20 and short_tag = upper(short_tag)),
    person_id text not null unique references people (id) on delete cascade
);

create table counters (
    name text primary key,
    value bigint not null
);

insert into counters (name, value) values ('event', 0), ('reservation', 0), ('transaction', 0);

create table reservations (
    id text primary key check (id like 'rsv_%'),
    -- What its charge point calls it.
    number bigint not null unique,
    person_id text not null references people (id),
    charge_point_id text not null,
    connector bigint not null,
    -- As it was asked for, and as the charge point knows it.
    id_tag text not null,
    sent_tag text not null check (length(sent_tag) <= 20),
    stage text not null check (stage in ('asking', 'held', 'ending', 'over')),
    -- What makes it the same request, and a hash of all that was asked.
    request_key text unique,
    fingerprint text not null,
    -- Why it is over for the driver.
    ended text check (ended in ('used', 'expired', 'cancelled', 'by_operator', 'out_of_order',
        'refused', 'no_answer')),
    -- Why it was refused.
    blocked text,
    expires_at bigint not null,
    -- Until when the charge point is to be asked to hold it, if not until then.
    wanted_until bigint,
    created_at bigint not null,
    updated_at bigint not null,
    -- How often the charge point was asked without an answer.
    tries bigint not null default 0,
    session_id text references sessions (id),
    foreign key (charge_point_id, connector) references connectors (charge_point_id, connector),
    check ((stage in ('asking', 'held')) = (ended is null)),
    check (expires_at > created_at)
);

-- One driver at a plug, however many try.
create unique index reservations_at_connector on reservations (charge_point_id, connector)
    where stage <> 'over';
create index reservations_of_person on reservations (person_id, created_at desc);
create index reservations_by_expiry on reservations (expires_at) where stage <> 'over';

-- What charge points call a charge, and what came of it.
create table transactions (
    charge_point_id text not null references charge_points (id),
    -- The charge point's own name for it; of 1.6, which has none, what began it.
    name text not null,
    -- What a charge point of 1.6 is told to call it.
    number bigint not null unique,
    connector bigint not null,
    -- What the meter showed when it began.
    meter_start_wh bigint not null,
    -- Null: the tag is nobody's, nothing was charged for.
    session_id text references sessions (id),
    ended bigint not null default 0 check (ended in (0, 1)),
    primary key (charge_point_id, name)
);

-- What is told to whoever looks, kept for those whose connection broke.
create table events (
    number bigint primary key,
    at bigint not null,
    -- Whom it is for; null: for everybody.
    person_id text,
    -- The charge point that may have something to do now.
    charge_point_id text,
    name text not null,
    -- JSON, as it is on the wire.
    body text not null
);

create index events_by_age on events (at);

-- What a connector is doing, as it is shown.
create view connectors_shown as
    select c.charge_point_id, c.connector, c.state_at, case
        when p.server_id is null then 'offline'
        when c.state = 'available' and exists (select 1 from reservations r
            where r.charge_point_id = c.charge_point_id and r.connector = c.connector
                and r.stage = 'held') then 'reserved'
        else c.state end as state
    from connectors c join charge_points p on p.id = c.charge_point_id;
