-- How far ahead one may book, and what is booked ahead, found sooner.

-- In days.
alter table operators add column booking_days_ahead bigint not null default 30
    check (booking_days_ahead between 1 and 365);

-- A search that says when reads all it asks of a charge point off this.
drop index charge_points_by_place;
create index charge_points_by_place on charge_points (site_id, id, takes_holds);

-- The holds that are not over have an index, which SQLite takes only where that is said.
drop view connectors_shown;
create view connectors_shown as
    select c.charge_point_id, c.connector, c.state_at, case
        when p.server_id is null then 'offline'
        when c.state = 'available' and exists (select 1 from reservations r
            where r.charge_point_id = c.charge_point_id and r.connector = c.connector
                and r.stage = 'held' and r.stage <> 'over') then 'reserved'
        else c.state end as state
    from connectors c join charge_points p on p.id = c.charge_point_id;

-- Plugs, with all that matters to whoever books one.
create view plugs_told as
    select p.site_id, c.charge_point_id, c.connector, c.evse_id, c.tariff_id, c.power_w,
        p.takes_holds, c.state, c.state_at, o.booking_minutes, o.booking_days_ahead,
        o.free_cancel_minutes, o.late_cancel_fee, o.no_show_fee
    from charge_points p join connectors c on c.charge_point_id = p.id
    join sites s on s.id = p.site_id join operators o on o.id = s.operator_id;
