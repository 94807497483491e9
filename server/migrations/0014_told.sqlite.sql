-- Of what is over without a charge the price is what it would have cost.
update bookings_elsewhere set told = json_set(told, '$.client_price', json('null'))
    where closed = 1 and status in ('CANCELLED', 'EXPIRED', 'FAILED', 'NO_SHOW', 'REJECTED');
