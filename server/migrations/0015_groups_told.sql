-- When a real Petit Monde last said what a group may spend and has spent (null: never),
-- and when it is asked again though nobody looks.
alter table groups add column told_at bigint;
alter table groups add column ask_at bigint not null default 0;

create index groups_to_ask on groups (ask_at, id);
