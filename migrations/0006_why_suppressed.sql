set lock_timeout = '5s';

-- Why an address is closed: a customer's START lifts what a STOP did, and nothing else. Each cause has a row of its own, so
-- that none hides another.
alter table suppression add column cause text;
update suppression
   set cause = case when reason like 'bounce:%' then 'bounce' when reason = 'complaint' then 'complaint' else 'opt-out' end;
alter table suppression
  alter column cause set not null,
  drop constraint suppression_key,
  add constraint suppression_key primary key (channel, address_hash, scope, cause),
  add constraint suppression_cause_is_known check (cause in ('opt-out', 'bounce', 'complaint'));
