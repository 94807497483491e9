-- Charges on a group's account that have reached what they may cost: their charge points
-- are to end them.

-- Since when that is to be asked; null: it isn't, or was asked.
alter table group_claims add column stop_wanted_at bigint;
-- Not asked again before that, and how often it was.
alter table group_claims add column stop_again_at bigint not null default 0;
alter table group_claims add column stop_tries bigint not null default 0;

create index group_claims_to_stop on group_claims (stop_wanted_at)
    where stop_wanted_at is not null;
create index charges_of_session on charges_heard (session_id);
