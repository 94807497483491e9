-- Who left a group: what they booked on its account is still to be given up.
create table group_leavers (
    group_id text not null references groups (id) on delete cascade,
    person_id text not null references people (id) on delete cascade,
    primary key (group_id, person_id)
);

-- A search that says when reads off this who runs a place and whether it has hours.
drop index sites_by_spot;
create index sites_by_spot on sites (latitude, longitude, id, operator_id, hours, time_zone);
