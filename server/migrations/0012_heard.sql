-- What charge points tell of a charge comes in any order: what is known of it may begin
-- with its end, and who pays or where may come later than the rest.
create table charges_heard (
    charge_point_id text not null references charge_points (id),
    -- The charge point's own name for it; of 1.6, which has none, what began it.
    name text not null,
    -- What a charge point of 1.6 is told to call it.
    number bigint not null unique,
    connector bigint,
    -- The tag that it began with, unless nobody pays for that.
    tag text,
    -- The hold that it used, by its number.
    reservation bigint,
    -- Since when all of this holds.
    began_at bigint,
    meter_start_wh bigint,
    ended_at bigint,
    -- Whether it was cut short.
    ended_early bigint check (ended_early in (0, 1)),
    meter_end_wh bigint,
    -- Null: the tag is nobody's, or not all is known yet.
    session_id text references sessions (id),
    check ((ended_at is null) = (ended_early is null)),
    primary key (charge_point_id, name)
);

insert into charges_heard (charge_point_id, name, number, connector, meter_start_wh, session_id)
    select charge_point_id, name, number, connector, meter_start_wh, session_id
        from transactions;

drop table transactions;
