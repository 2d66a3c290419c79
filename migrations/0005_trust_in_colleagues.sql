set lock_timeout = '5s';

comment on column staff.disabled_at is 'Set while the colleague is blocked';
alter table staff add column last_seen_at timestamptz;

-- What a person sees of a session: never its token. `confirmed_at`: when the password was last given in it.
alter table session add column session_id uuid not null default gen_random_uuid();
alter table session add column last_seen_at timestamptz;
alter table session add column confirmed_at timestamptz;
alter table session add column address text;
alter table session add column browser text;
-- Serves listSessions and endSessions.
create index session_by_staff on session (staff_id);
-- Serves inviteAgain and everything else that voids a colleague's links.
create index sign_in_token_by_staff on sign_in_token (staff_id);

-- Tries to sign in, by keyed hash of an account, a peer or both: a bucket that fills by one a try and leaks with time.
create table sign_in_try (
  key_hash bytea not null,
  level double precision not null,
  is_full boolean not null,
  at timestamptz not null,
  known_until timestamptz,
  constraint sign_in_try_key primary key (key_hash)
);
comment on column sign_in_try.known_until is 'Until then this account has signed in from this peer, and what strangers try does not hold it up';
-- Serves forgetTries.
create index sign_in_try_by_age on sign_in_try (at);

-- A sign-in or an enrolment under way, kept by hash of what its holder shows. `challenge`: what a passkey has to sign.
create table sign_in_challenge (
  token_hash bytea not null,
  purpose text not null,
  staff_id uuid,
  challenge text,
  expires_at timestamptz not null,
  constraint sign_in_challenge_key primary key (token_hash),
  constraint sign_in_challenge_purpose_is_known check (purpose in ('second-factor', 'sign-in', 'new-passkey')),
  constraint only_sign_ins_are_of_nobody check ((staff_id is null) = (purpose = 'sign-in'))
);

-- RFC 6238. The secret is encrypted with a key made from the hub's own. It counts once it has been confirmed by a code.
create table totp (
  staff_id uuid not null,
  secret bytea not null,
  confirmed_at timestamptz,
  last_step bigint,
  constraint totp_key primary key (staff_id)
);
comment on column totp.last_step is 'The step of the last code that was used: none works twice';

-- Each works once, in place of a code; kept by keyed hash, and gone when it was used.
create table recovery_code (
  staff_id uuid not null,
  code_hash bytea not null,
  constraint recovery_code_key primary key (staff_id, code_hash)
);

create table passkey (
  passkey_id text not null,
  staff_id uuid not null,
  name text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  constraint passkey_key primary key (passkey_id)
);
-- Serves listPasskeys and mustEnrol.
create index passkey_by_staff on passkey (staff_id);
