set lock_timeout = '5s';

-- Message centres give an id again after a while, and each part of a long text an id of its own. What is known of the parts
-- decides what became of the whole.
alter table handed_off
  drop constraint handed_off_key,
  add constraint handed_off_key primary key (gateway, provider_id, message_id),
  add column parts text[] not null default '{}',
  add column outcome text,
  add constraint handed_off_outcome_is_known check (outcome in ('delivered', 'failed'));
