set lock_timeout = '5s';

-- What each policy handed off, by the hour, over all processes: the senders add to it about once a second. Not counted is
-- what people write, life safety and the emergency lane.
create table policy_hour (
  policy text not null,
  hour timestamptz not null,
  messages bigint not null,
  constraint policy_hour_key primary key (policy, hour)
);
-- Serves forgetPolicyHours.
create index policy_hour_by_age on policy_hour (hour);

-- A policy that wrote to many more people than ever: it is paused until somebody resumes it.
create table policy_pause (
  pause_id bigint generated always as identity,
  policy text not null,
  since timestamptz not null,
  sent bigint not null,
  most bigint not null,
  resumed_at timestamptz,
  resumed_by text,
  constraint policy_pause_key primary key (pause_id),
  constraint resumed_policies_say_by_whom check ((resumed_at is null) = (resumed_by is null))
);
comment on column policy_pause.sent is 'Messages within the twenty-four hours before it was paused';
comment on column policy_pause.most is 'The most within any twenty-four hours before those';
-- Serves mostBefore.
create index policy_pause_by_policy on policy_pause (policy);
-- Serves insertPause: one pause at a time.
create unique index policy_pause_in_force on policy_pause (policy) where resumed_at is null;

-- The policy that a message waits for because it is paused; its time is then the end of its own.
alter table outbox add column held_for text;
-- Serves whatWaits, releaseHeld and takeHeld.
create index outbox_held on outbox (held_for) where held_for is not null;

-- Events whose customer costs the resolver too much work at once: read and deduplicated, and resolved in small portions.
create table ingest_aside (
  position bigint generated always as identity,
  received_at timestamptz not null,
  events integer not null,
  body bytea not null,
  constraint ingest_aside_key primary key (position)
);
-- Bodies come compressed (zstd), so PostgreSQL need not try.
alter table ingest_aside alter column body set storage external;
