-- The calls of the month that were made to follow open bookings.
alter table quotas add column following bigint not null default 0;
