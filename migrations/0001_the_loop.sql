set lock_timeout = '5s';

-- Accepted and committed, not yet read: what a 2xx promises. One row holds every request of one group commit, framed.
-- The resolver deletes a row in the transaction that hands its events on, so nothing is lost and nothing is read twice.
create table ingest_batch (
  position bigint generated always as identity,
  received_at timestamptz not null,
  events integer not null,
  body bytea not null,
  constraint ingest_batch_key primary key (position)
);
-- Bodies come compressed (zstd), so PostgreSQL need not try.
alter table ingest_batch alter column body set storage external;

-- Message ids already taken in, by 128-bit hash. Kept thirty days (docs/architecture.md, "Dedupe").
create table seen_event (
  id_hash uuid not null,
  seen_at timestamptz not null,
  constraint seen_event_key primary key (id_hash)
);
-- Serves forgetSeen.
create index seen_event_by_age on seen_event using brin (seen_at);

-- Spread by value, not by partition: the one question asked before a customer is known.
create table identifier (
  kind text not null,
  value text not null,
  cluster_id uuid not null,
  customer_id uuid not null,
  constraint identifier_key primary key (kind, value)
);
-- Serves the console's search by the beginning of an e-mail address or a number.
create index identifier_by_prefix on identifier (value text_pattern_ops);

-- Identifiers ever linked, with the links, cuts and who holds what: read and written whole by the resolver.
create table identity_cluster (
  cluster_id uuid not null,
  graph json not null,
  constraint identity_cluster_key primary key (cluster_id)
);

-- Events whose customer is known, waiting for their partition's worker; deleted in the transaction that applies them.
create table inbox (
  partition smallint not null,
  lane smallint not null,
  position bigint generated always as identity,
  items integer not null,
  body bytea not null,
  constraint inbox_key primary key (partition, lane, position)
);
-- Bodies come compressed (zstd), so PostgreSQL need not try.
alter table inbox alter column body set storage external;

-- `state`, `body` and `record` are JSON, kept as text: read and written whole at every event (docs/decisions/0011).
create table customer (
  partition smallint not null,
  customer_id uuid not null,
  name text,
  merged_into uuid,
  state text not null,
  updated_at timestamptz not null,
  constraint customer_key primary key (partition, customer_id)
) with (fillfactor = 60);
-- Serves the console's search by the beginning of a name.
create index customer_by_name on customer (lower(name) text_pattern_ops) where name is not null;

-- The one history: a customer's timeline, and what every profile is folded from.
create table event (
  partition smallint not null,
  customer_id uuid not null,
  at timestamptz not null,
  event_id text not null,
  body text not null,
  constraint event_key primary key (partition, customer_id, at, event_id)
);

create table timer (
  partition smallint not null,
  customer_id uuid not null,
  name text not null,
  due_at timestamptz not null,
  constraint timer_key primary key (partition, customer_id, name)
);
-- Serves dueTimers.
create index timer_due on timer (partition, due_at);

create table decision (
  partition smallint not null,
  customer_id uuid not null,
  decision_id uuid not null,
  at timestamptz not null,
  policy text not null,
  policy_version text not null,
  trigger text not null,
  outcome text not null,
  action text,
  channel text,
  record text not null,
  constraint decision_key primary key (partition, customer_id, decision_id),
  constraint acting_decisions_name_their_action check ((outcome = 'act') = (action is not null))
);
-- Serves the list of decisions, newest first.
create index decision_by_time on decision (at desc);

create table message (
  partition smallint not null,
  customer_id uuid not null,
  message_id uuid not null,
  decision_id uuid,
  channel text not null,
  purpose text not null,
  lane smallint not null,
  address text not null,
  planned_at timestamptz not null,
  body json not null,
  constraint message_key primary key (partition, customer_id, message_id)
);

-- Append-only: a message's present status is the fold of its log.
create table message_status (
  partition smallint not null,
  customer_id uuid not null,
  message_id uuid not null,
  status text not null,
  at timestamptz not null,
  detail json,
  constraint message_status_key primary key (partition, customer_id, message_id, status)
);

-- Messages to hand off: the senders' queue, by lane. A row goes when its outcome has been written to ingest_batch.
create table outbox (
  partition smallint not null,
  customer_id uuid not null,
  message_id uuid not null,
  lane smallint not null,
  channel text not null,
  purpose text not null,
  address text not null,
  household text,
  not_before timestamptz not null,
  expires_at timestamptz not null,
  attempt smallint not null default 0,
  state text not null default 'waiting',
  claimed_by text,
  claimed_at timestamptz,
  body json not null,
  constraint outbox_key primary key (partition, customer_id, message_id),
  constraint outbox_state_is_known check (state in ('waiting', 'sending')),
  constraint sending_messages_say_by_whom check ((state = 'sending') = (claimed_by is not null))
);
-- Serves claimWaiting.
create index outbox_waiting on outbox (lane, channel, not_before) where state = 'waiting';
-- Serves reclaimAbandoned.
create index outbox_sending on outbox (claimed_at) where state = 'sending';

-- Whose message this is: receipts, replies and bounces arrive with our key or with the provider's id, and nothing else.
create table handed_off (
  gateway text not null,
  provider_id text not null,
  customer_id uuid not null,
  message_id uuid not null,
  address text not null,
  sent_at timestamptz not null,
  constraint handed_off_key primary key (gateway, provider_id)
);

-- Addresses that must not be written to, by keyed hash: outlives the customer. Written before an opt-out is acknowledged.
create table suppression (
  channel text not null,
  address_hash bytea not null,
  scope text not null,
  reason text not null,
  at timestamptz not null,
  constraint suppression_key primary key (channel, address_hash, scope),
  constraint suppression_scope_is_known check (scope in ('all', 'marketing'))
);

-- What a household has been sent, counted when a message is handed off: members live in different partitions.
create table household_contact (
  household text not null,
  message_id uuid not null,
  at timestamptz not null,
  constraint household_contact_key primary key (household, message_id)
);

-- Who may work on what, until when. The token grows with every change of owner and fences the one before.
create table lease (
  name text not null,
  owner text not null,
  token bigint not null,
  expires_at timestamptz not null,
  constraint lease_key primary key (name)
);

create table dead_letter (
  dead_letter_id bigint generated always as identity,
  at timestamptz not null,
  stage text not null,
  source text not null,
  reason text not null,
  body bytea not null,
  resolved_at timestamptz,
  constraint dead_letter_key primary key (dead_letter_id)
);

-- Sums by minute, written by the partition's worker in the transaction that does what they count.
create table tally (
  partition smallint not null,
  minute timestamptz not null,
  metric text not null,
  value bigint not null,
  constraint tally_key primary key (partition, minute, metric)
);
-- Serves Pulse: the last hour over all partitions.
create index tally_by_minute on tally (minute);

-- Scenario packs as installed, whole; the newest active version of each name is in force.
create table pack (
  name text not null,
  version text not null,
  active boolean not null,
  body json not null,
  installed_at timestamptz not null,
  constraint pack_key primary key (name, version)
);

create table usage_prior (
  name text not null,
  body json not null,
  learned_at timestamptz not null,
  constraint usage_prior_key primary key (name)
);

create table staff (
  staff_id uuid not null,
  email text not null,
  name text not null,
  role text not null,
  password_hash text,
  disabled_at timestamptz,
  created_at timestamptz not null,
  constraint staff_key primary key (staff_id),
  constraint staff_email_is_unique unique (email),
  constraint staff_role_is_known check (role in ('admin', 'manager', 'agent', 'viewer'))
);

-- A way in that works once: the first sign-in, an invitation, a forgotten password. Kept by hash.
create table sign_in_token (
  token_hash bytea not null,
  staff_id uuid not null,
  expires_at timestamptz not null,
  constraint sign_in_token_key primary key (token_hash)
);

create table session (
  token_hash bytea not null,
  staff_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint session_key primary key (token_hash)
);

create table api_key (
  api_key_id uuid not null,
  name text not null,
  scope text not null,
  key_hash bytea not null,
  prefix text not null,
  created_by text not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  constraint api_key_key primary key (api_key_id),
  constraint api_key_hash_is_unique unique (key_hash),
  constraint api_key_scope_is_known check (scope in ('write', 'read', 'admin'))
);

-- Append-only, each row chained to the one before by hash; rows cannot be changed or removed (audit_is_append_only).
create table audit (
  position bigint generated always as identity,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail json not null,
  previous_hash bytea not null,
  hash bytea not null,
  constraint audit_key primary key (position)
);
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only';
end $$;
create trigger audit_is_append_only before update or delete or truncate on audit
  for each statement execute function refuse_audit_change();

create table idempotency (
  key text not null,
  actor text not null,
  request_hash bytea not null,
  status integer,
  response json,
  created_at timestamptz not null,
  constraint idempotency_key primary key (actor, key)
);

create table setting (
  name text not null,
  value json not null,
  constraint setting_key primary key (name)
);
