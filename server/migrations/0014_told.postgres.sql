-- Of what is over without a charge the price is what it would have cost.
update bookings_elsewhere
    set told = regexp_replace(told, '"client_price":[^,}]*', '"client_price":null')
    where closed = 1 and status in ('CANCELLED', 'EXPIRED', 'FAILED', 'NO_SHOW', 'REJECTED');
