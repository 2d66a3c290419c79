set lock_timeout = '5s';

-- How each process's gateways are, told every two seconds: Pulse may be served by a process that has none.
create table gateway_state (
  owner text not null,
  name text not null,
  channel text not null,
  state text not null,
  faults integer not null,
  per_second real not null,
  seen_at timestamptz not null,
  constraint gateway_state_key primary key (owner, name),
  constraint gateway_state_is_known check (state in ('closed', 'open', 'half-open', 'down'))
);
