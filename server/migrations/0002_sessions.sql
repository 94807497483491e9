-- Places, their charge points, what charging costs, and what was charged.
-- Times are milliseconds since 1970 (UTC), amounts the currency's smallest unit,
-- prices ten-thousandths of the major unit, rates hundredths of a percent,
-- local days numbers such as 20250302.

-- PNGs in base 64, by their hash: never changed.
create table logos (
    id text primary key check (length(id) = 64),
    png text not null
);

-- Whoever sells the energy: what stands at the head of a receipt.
create table operators (
    id text primary key check (id like 'oper_%'),
    name text not null,
    address text not null,
    vat_id text not null,
    -- Such as #0b5fff.
    colour text not null check (length(colour) = 7),
    logo text references logos (id),
    -- Receipt numbers begin with it.
    receipt_prefix text not null unique,
    receipts bigint not null default 0
);

create table sites (
    id text primary key check (id like 'site_%'),
    name text not null,
    address text not null,
    city text not null,
    -- ISO 3166-1 alpha-2.
    country text not null check (length(country) = 2),
    -- IANA.
    time_zone text not null,
    operator_id text not null references operators (id)
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
    -- Its number in the world.
    evse_id text not null,
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
    -- Tenths of a minute, so that minutes are exact.
    time_step_seconds bigint not null check (time_step_seconds >= 6 and time_step_seconds % 6 = 0),
    idle_step_seconds bigint not null check (idle_step_seconds >= 6 and idle_step_seconds % 6 = 0),
    tax_rate bigint not null check (tax_rate between 0 and 10000),
    -- 1 if the prices contain the tax.
    tax_included bigint not null check (tax_included in (0, 1))
);

-- Other prices at certain times. Where several apply, the lowest priority wins.
create table tariff_rules (
    tariff_id text not null references tariffs (id),
    priority bigint not null check (priority > 0),
    name text not null,
    part text not null check (part in ('energy', 'time', 'parking')),
    -- Bits of the days on which it begins, Monday first.
    days bigint not null check (days between 1 and 127),
    -- Minutes after midnight by the place's clock; an end before the start is on the next day.
    from_minute bigint not null check (from_minute between 0 and 1439),
    to_minute bigint not null check (to_minute between 0 and 1440),
    price bigint not null check (price >= 0),
    primary key (tariff_id, priority)
);

create table promotional_codes (
    code text primary key check (length(code) between 4 and 20 and code = upper(code)),
    -- Either hundredths of a percent, or an amount of a currency.
    percent bigint check (percent between 1 and 10000),
    amount_minor bigint check (amount_minor > 0),
    currency text check (length(currency) = 3),
    max_uses bigint check (max_uses > 0),
    max_uses_per_person bigint check (max_uses_per_person > 0),
    expires_at bigint,
    uses bigint not null default 0 check (uses >= 0),
    check (uses <= max_uses),
    check ((percent is null) <> (amount_minor is null)),
    check ((amount_minor is null) = (currency is null))
);

create table promotion_uses (
    code text not null references promotional_codes (code),
    person_id text not null references people (id) on delete cascade,
    uses bigint not null check (uses > 0),
    primary key (code, person_id)
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
    promotional_code text references promotional_codes (code),
    -- The tag that was held to the reader.
    id_tag text,
    payment text not null check (payment in ('card', 'invoice', 'organisation')),
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
    -- What was taken off: discounts, codes and credits.
    adjustments_minor bigint check (adjustments_minor <= 0),
    -- On top; nothing if the prices contain it.
    tax_minor bigint check (tax_minor >= 0),
    cost_minor bigint check (cost_minor >= 0),
    -- How its newest dispute stands.
    dispute_status text,
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
    check ((cost_minor is null) = (adjustments_minor is null)),
    check ((cost_minor is null) = (tax_minor is null)),
    check (cost_minor = energy_minor + time_minor + flat_minor + parking_minor
        + adjustments_minor + tax_minor)
);

-- The list, newest first, with all that is shown: a page is read off the index
-- alone, and leafing far back touches nothing else.
create index sessions_of_driver on sessions (driver_id, local_day desc, started_at desc, id desc,
    site_id, status, ended_at, energy_wh, cost_minor, currency, charge_point_id, connector,
    dispute_status);
-- The places somebody ever charged at.
-- Whether a tag was in two places at once.
create index sessions_by_tag on sessions (driver_id, id_tag, started_at);
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

-- What the meter showed during a session.
create table readings (
    session_id text not null references sessions (id) on delete cascade,
    at bigint not null,
    energy_wh bigint not null check (energy_wh >= 0),
    power_w bigint,
    primary key (session_id, at)
);

-- What a session cost, line by line, each with its receipt. Never changed: a
-- correction is a new one.
create table bills (
    session_id text not null references sessions (id),
    revision bigint not null check (revision >= 1),
    -- The receipt's number.
    number text not null unique,
    issued_at bigint not null,
    -- The breakdown as JSON, as it is on the wire.
    cost text not null,
    -- Who sold to whom, as JSON.
    parties text not null,
    -- Chosen when the receipt is first asked for, and kept.
    language text check (language in ('en', 'de', 'fr', 'es')),
    primary key (session_id, revision)
);
