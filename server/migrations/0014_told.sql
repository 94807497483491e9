-- Bookings at a real Petit Monde: their guests, and those that it doesn't know.

-- Of the secret in the link that was made for a guest.
alter table bookings_elsewhere add column guest_link text check (length(guest_link) = 64);
-- Where that is, as it was found, with the one plug, as JSON.
alter table bookings_elsewhere add column place text;
-- How often Petit Monde's list didn't have it.
alter table bookings_elsewhere add column missed bigint not null default 0;

create unique index bookings_elsewhere_of_guest on bookings_elsewhere (guest_link);

