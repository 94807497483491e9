-- Where a receipt says that its session is in the portal: as it was when the receipt
-- was first asked for, and kept.
alter table bills add column link text;
