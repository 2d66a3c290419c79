set lock_timeout = '5s';

-- Who speaks with a write key: a program of the company that keeps the key secret, or any browser that shows it. Keys made
-- before this was asked are taken for browsers', but for the hub's own; an administrator may raise one.
alter table api_key add column origin text;
-- Keys of one origin that name the same group share one space of message ids.
alter table api_key add column id_group text;
update api_key set origin = case when created_by = 'hub' then 'server' else 'browser' end where scope = 'write';
alter table api_key
  add constraint write_keys_say_who_speaks check ((scope = 'write') = (origin is not null)),
  add constraint api_key_origin_is_known check (origin in ('server', 'browser'));

-- What set the timer going, where that proves nothing: what the timer fires is believed no more.
alter table timer add column caused_by text;

-- Who said, without proof, to be whoever has this identifier. Spread by value, as identifiers are: shown beside the customer
-- who holds it, and part of no profile.
create table claimed_identifier (
  kind text not null,
  value text not null,
  visitor_id uuid not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  constraint claimed_identifier_key primary key (kind, value, visitor_id)
);
-- Serves forgetClaims.
create index claimed_identifier_by_age on claimed_identifier (last_at);

-- How often a peer said what a pack opens to browsers, by windows; peers by keyed hash.
create table peer_use (
  peer text not null,
  event text not null,
  window_start timestamptz not null,
  used integer not null,
  constraint peer_use_key primary key (peer, event, window_start)
);
-- Serves forgetPeerUse.
create index peer_use_by_age on peer_use (window_start);

-- Messages that a cap by address counts: of one cause, to one address (by keyed hash), whoever they were meant for.
create table address_use (
  address_hash bytea not null,
  cause text not null,
  message_id uuid not null,
  at timestamptz not null,
  constraint address_use_key primary key (address_hash, cause, message_id)
);
-- Serves forgetAddressUse.
create index address_use_by_age on address_use using brin (at);

-- Events that passed the door by key, peer and customer, by seconds since the epoch: what processes tell each other so that a
-- limit holds over all of them. Of no worth after a crash.
create unlogged table door_use (
  name text not null,
  second bigint not null,
  events bigint not null,
  constraint door_use_key primary key (name, second)
);
-- Serves forgetDoorUse.
create index door_use_by_second on door_use (second);
