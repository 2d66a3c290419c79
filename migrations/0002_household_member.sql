set lock_timeout = '5s';

-- Who has ever said to belong to a household: whom to tell of what it was sent. Spread by value, as its members live in
-- different partitions; the resolver alone writes it.
create table household_member (
  household text not null,
  customer_id uuid not null,
  constraint household_member_key primary key (household, customer_id)
);
