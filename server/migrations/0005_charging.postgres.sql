-- Tells every copy of the server that there are new events.
create function tell_of_events() returns trigger language plpgsql as $$
    begin perform pg_notify('portal_events', ''); return null; end $$;

create trigger events_told after insert on events
    for each statement execute function tell_of_events();
