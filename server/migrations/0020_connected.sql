-- Since when a charge point is connected, if it is.
alter table charge_points add column connected_at bigint;
