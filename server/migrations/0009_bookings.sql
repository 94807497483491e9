-- Plugs for a time that comes, and what operators say about that.

-- How long one may book at once.
alter table operators add column booking_minutes bigint not null default 240
    check (booking_minutes between 1 and 10080);
-- In the smallest unit of the currency that is charged in there: for giving a booking
-- up so many minutes before it begins or later, and for not coming.
alter table operators add column free_cancel_minutes bigint not null default 60
    check (free_cancel_minutes >= 0);
alter table operators add column late_cancel_fee bigint not null default 0
    check (late_cancel_fee >= 0);
alter table operators add column no_show_fee bigint not null default 0 check (no_show_fee >= 0);

create table bookings (
    -- A UUID.
    id text primary key check (length(id) = 36),
    booker_id text not null references people (id),
    -- Who pays for what is charged: whoever booked, or the group's person.
    payer_id text not null references people (id),
    organisation_id text references organisations (id),
    site_id text not null references sites (id),
    charge_point_id text not null,
    connector bigint not null,
    evse_uid text not null,
    starts_at bigint not null,
    ends_at bigint not null,
    strategy text not null check (strategy in ('driver_token', 'group_token', 'ad_hoc')),
    -- As they were asked for.
    customer_id text,
    token_id text,
    group_id text references groups (id),
    external_id text check (length(external_id) <= 100),
    -- What the charge point is told who may use it, and by what it knows all cards of the group.
    tag text not null check (length(tag) between 1 and 20),
    parent_tag text check (length(parent_tag) <= 20),
    status text not null check (status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING',
        'COMPLETED', 'EXPIRED', 'CANCELLED', 'NO_SHOW', 'REJECTED', 'FAILED')),
    status_at bigint not null,
    currency text not null check (length(currency) = 3),
    estimate_minor bigint not null check (estimate_minor >= 0),
    -- What it cost in the end; null until that is known.
    price_minor bigint check (price_minor >= 0),
    -- What the operator calls it, and its hold at the charge point.
    cpo_reservation_id text unique,
    cancel_reason text,
    -- Why it was refused or failed.
    trouble text,
    session_id text unique references sessions (id),
    -- Of the secret in the link that was made for a guest.
    guest_link text unique check (length(guest_link) = 64),
    created_at bigint not null,
    updated_at bigint not null,
    foreign key (charge_point_id, connector) references connectors (charge_point_id, connector),
    check (ends_at > starts_at),
    -- What is over has a price, and nothing else has.
    check ((price_minor is null) = (status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING')))
);

create index bookings_of_person on bookings (booker_id, created_at desc, id desc);
create index bookings_of_group on bookings (group_id, created_at desc, id desc);
create index bookings_of_plug on bookings (charge_point_id, connector, ends_at)
    where status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING');
create index bookings_asked on bookings (created_at) where status in ('REQUESTED', 'PENDING');
create index bookings_coming on bookings (starts_at) where status = 'CONFIRMED';
create index bookings_by_tag on bookings (tag) where strategy = 'ad_hoc';

-- The booking that a hold is for; when its charge point first held it; what stands for all
-- cards of a group.
alter table reservations add column booking_id text references bookings (id);
alter table reservations add column held_at bigint;
alter table reservations add column parent_tag text check (length(parent_tag) <= 20);

-- All that a search asks of places and plugs is read off these.
drop index sites_by_spot;
create index sites_by_spot on sites (latitude, longitude, id);
create index connectors_fitting on connectors (charge_point_id, power_w, plug, connector,
    tariff_id);

-- Bookings as they are told.
create view bookings_told as
    select b.*, s.name as location_name, s.city as location_city, s.time_zone as location_time_zone, o.name as cpo_name,
        case when exists (select 1 from reservations r where r.id = b.cpo_reservation_id
            and r.stage = 'held') then 1 else 0 end as held
    from bookings b join sites s on s.id = b.site_id join operators o on o.id = s.operator_id;
