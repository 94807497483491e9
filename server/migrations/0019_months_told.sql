-- When a real Petit Monde last said what a month of a group's has cost (null: it never did).
-- What was over by then it had counted.
alter table group_months add column spent_told_at bigint;
