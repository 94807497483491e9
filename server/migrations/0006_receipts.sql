
-- Receipts that were asked for before their links were kept: each start gives them that
-- of the day, and then there are none.
create index bills_unlinked on bills (session_id) where language is not null and link is null;
