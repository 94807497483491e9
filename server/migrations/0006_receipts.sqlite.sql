-- Bills of long ago don't say where the session was: their receipts followed every new
-- name. From now on they say it as it is today.
update bills set parties = json_set(parties, '$.place', json_object(
        'name', i.name, 'address', i.address || ', ' || i.city, 'time_zone', i.time_zone,
        'evse_id', c.evse_id, 'current', c.kind,
        'power_kw', json(printf('%d.%03d', c.power_w / 1000, c.power_w % 1000))))
    from sessions s join sites i on i.id = s.site_id
        join connectors c on c.charge_point_id = s.charge_point_id and c.connector = s.connector
    where s.id = bills.session_id and json_extract(bills.parties, '$.place') is null;
