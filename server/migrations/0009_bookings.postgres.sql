-- No two bookings of one plug at the same time. A plug is a number here, half of what
-- there are, so that the next one is a number too.
alter table bookings add column plug_number bigint not null generated always as
    (hashtextextended(charge_point_id || ' ' || connector::text, 0) / 2) stored;

alter table bookings add constraint bookings_overlap exclude using gist (
    int8range(plug_number, plug_number, '[]') with &&,
    int8range(starts_at, ends_at) with &&
) where (status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING'));
