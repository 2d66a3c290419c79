set lock_timeout = '5s';

-- Serves forgetOldestClaims: a visitor keeps the newest of its claims.
create index claimed_identifier_by_visitor on claimed_identifier (visitor_id, last_at desc);
