-- Places, their charge points, what charging costs, and what was charged.
-- Times are milliseconds since 1970 (UTC), amounts the currency's smallest unit,
-- prices ten-thousandths of the major unit, rates hundredths of a percent,
-- local days numbers such as 20250302.

create table sites (
    id text primary key check (id like 'site_%'),
    name text not null,
    address text not null,
    city text not null,
    -- ISO 3166-1 alpha-2.
    country text not null check (length(country) = 2),
    -- IANA.
    time_zone text not null,
    operator text not null
);

create table charge_points (
    id text primary key check (length(id) between 1 and 48),
    site_id text not null references sites (id)
);

create table connectors (
    charge_point_id text not null references charge_points (id),
    connector bigint not null check (connector >= 1),
    kind text not null check (kind in ('ac', 'dc')),
    power_w bigint not null check (power_w > 0),
    primary key (charge_point_id, connector)
);

-- Never changed once a session refers to it: a new price is a new tariff.
create table tariffs (
    id text primary key check (id like 'tariff_%'),
    name text not null,
    currency text not null check (length(currency) = 3 and currency = upper(currency)),
    per_kwh bigint not null check (per_kwh >= 0),
    per_minute bigint not null check (per_minute >= 0),
    per_session bigint not null check (per_session >= 0),
    idle_per_minute bigint not null check (idle_per_minute >= 0),
    idle_grace_seconds bigint not null check (idle_grace_seconds >= 0),
    energy_step_wh bigint not null check (energy_step_wh >= 1),
    time_step_seconds bigint not null check (time_step_seconds >= 1),
    tax_rate bigint not null check (tax_rate between 0 and 10000)
);

create table sessions (
    id text primary key check (id like 'sess_%'),
    driver_id text not null references people (id),
    -- Where it happened; the charge point may have moved since.
    site_id text not null references sites (id),
    charge_point_id text not null,
    connector bigint not null,
    tariff_id text not null references tariffs (id),
    currency text not null,
    discount_rate bigint not null default 0 check (discount_rate between 0 and 10000),
    status text not null check (status in ('active', 'completed', 'stopped')),
    started_at bigint not null,
    -- The day of started_at by the site's calendar.
    local_day bigint not null check (local_day between 19700101 and 99991231),
    -- When the car stopped charging though it stayed; null if it left at once.
    charged_until bigint,
    ended_at bigint,
    -- What the meter showed last.
    energy_wh bigint not null check (energy_wh >= 0),
    -- The cost, line by line; null until the session has ended.
    energy_minor bigint check (energy_minor >= 0),
    time_minor bigint check (time_minor >= 0),
    flat_minor bigint check (flat_minor >= 0),
    parking_minor bigint check (parking_minor >= 0),
    discount_minor bigint check (discount_minor <= 0),
    tax_minor bigint check (tax_minor >= 0),
    cost_minor bigint check (cost_minor >= 0),
    foreign key (charge_point_id, connector) references connectors (charge_point_id, connector),
    check (ended_at >= started_at),
    check (charged_until >= started_at),
    check (charged_until <= ended_at),
    -- Under way, or ended and settled: nothing in between.
    check ((status = 'active') = (ended_at is null)),
    check ((ended_at is null) = (cost_minor is null)),
    check ((cost_minor is null) = (energy_minor is null)),
    check ((cost_minor is null) = (time_minor is null)),
    check ((cost_minor is null) = (flat_minor is null)),
    check ((cost_minor is null) = (parking_minor is null)),
    check ((cost_minor is null) = (discount_minor is null)),
    check ((cost_minor is null) = (tax_minor is null)),
    check (cost_minor = energy_minor + time_minor + flat_minor + parking_minor
        + discount_minor + tax_minor)
);

-- The list, newest first, with all that is shown: a page is read off the index
-- alone, and leafing far back touches nothing else.
create index sessions_of_driver on sessions (driver_id, local_day desc, started_at desc, id desc,
    site_id, status, ended_at, energy_wh, cost_minor, currency, charge_point_id, connector);
-- The places somebody ever charged at.
create index sessions_by_place on sessions (driver_id, site_id);
create index sessions_under_way on sessions (driver_id, status) where status = 'active';
-- One car at a plug.
create unique index sessions_at_connector on sessions (charge_point_id, connector)
    where status = 'active';

-- What a driver's ended sessions add up to, so that nobody counts ten thousand
-- rows for a total. Changed in the transaction that ends a session.
create table session_months (
    driver_id text not null references people (id),
    -- A number such as 202503.
    month bigint not null,
    currency text not null,
    sessions bigint not null check (sessions > 0),
    energy_wh bigint not null check (energy_wh >= 0),
    cost_minor bigint not null check (cost_minor >= 0),
    primary key (driver_id, month, currency)
);
