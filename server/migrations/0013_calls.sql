-- How often people asked Petit Monde's paths, as far as the copies of the server have told.
create table calls (
    person_id text primary key references people (id) on delete cascade,
    -- A number such as 202503 (UTC), and the calls in it.
    month bigint not null,
    in_month bigint not null,
    -- The number of a minute since 1970, the calls in it, and those in the one before.
    minute bigint not null,
    in_minute bigint not null,
    in_minute_before bigint not null
);
