set lock_timeout = '5s';

-- Serves the console's search by the beginning of an address, a number or an id, in any case: ids keep theirs.
drop index identifier_by_prefix;
create index identifier_by_prefix on identifier (lower(value) text_pattern_ops);
