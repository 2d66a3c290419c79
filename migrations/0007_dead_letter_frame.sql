set lock_timeout = '5s';

-- What is needed to read a letter of the resolver's again.
alter table dead_letter add column frame json;
comment on column dead_letter.frame is
  'Of stage resolve: the frame without its body, whose body this letter''s is. Null where it cannot be read again.';

-- Serves the list of open letters and what is done with many of them: most letters are resolved and never looked up.
create index dead_letter_open on dead_letter (dead_letter_id) where resolved_at is null;
