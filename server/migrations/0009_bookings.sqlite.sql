-- No two bookings of one plug at the same time.
create trigger bookings_added before insert on bookings
    when new.status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING')
        and exists (select 1 from bookings b where b.charge_point_id = new.charge_point_id
            and b.connector = new.connector and b.ends_at > new.starts_at
            and b.starts_at < new.ends_at
            and b.status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING'))
    begin select raise(abort, 'bookings overlap'); end;

create trigger bookings_moved
    before update of status, starts_at, ends_at, charge_point_id, connector on bookings
    when new.status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING')
        and exists (select 1 from bookings b where b.charge_point_id = new.charge_point_id
            and b.connector = new.connector and b.ends_at > new.starts_at
            and b.starts_at < new.ends_at and b.id <> new.id
            and b.status in ('REQUESTED', 'PENDING', 'CONFIRMED', 'ATTENDING'))
    begin select raise(abort, 'bookings overlap'); end;
