-- Where a plug can be booked.

create index sites_by_spot on sites (latitude, longitude);
