import { eventually, type HubSite, WRITE_KEY } from "../test/harness/hub-site.ts";

/**
 * Fills the database with customers `u0` to `u<size-1>`, each just as the hub leaves a customer of a few events: one is
 * brought up by the hub itself, and all others are copies of its rows with their own ids. The hub must be running.
 */
export async function seedCustomers(site: HubSite, port: number, size: number): Promise<void> {
  const { db } = site;
  const id = await bringUp(site, port);
  await db.query(
    `create or replace function id_from(key text) returns uuid language sql immutable as $$
       select (substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-8' || substr(h, 14, 3) || '-a' || substr(h, 18, 3) || '-' || substr(h, 21, 12))::uuid
         from (select encode(sha256(convert_to(key, 'UTF8')), 'hex') as h) hashed
     $$`,
  );
  await db.query(
    "create table if not exists seed (n int primary key, customer_id uuid, cluster_id uuid, partition smallint)",
  );
  await db.query(
    `insert into seed
     select n, c, id_from('cluster:user_id:u' || n), ('x' || right(c::text, 2))::bit(8)::int % 64
       from generate_series((select count(*) from seed)::int, $1::int - 1) as n, id_from('user_id:u' || n) as c`,
    [size],
  );
  await db.query(
    `insert into identifier (kind, value, cluster_id, customer_id)
     select 'user_id', 'u' || n, cluster_id, customer_id from seed
      union all select 'customer', customer_id::text, cluster_id, customer_id from seed
         on conflict do nothing`,
  );
  await db.query(
    `insert into identity_cluster (cluster_id, graph)
     select s.cluster_id, replace(replace(t.graph::text, $1, s.customer_id::text), 'user_id:template', 'user_id:u' || s.n)::json
       from seed s, identifier i join identity_cluster t using (cluster_id) where i.kind = 'user_id' and i.value = 'template'
         on conflict do nothing`,
    [id],
  );
  await db.query(
    `insert into customer (partition, customer_id, name, merged_into, state, updated_at)
     select s.partition, s.customer_id, 'Customer ' || s.n, null, replace(t.state, $1, s.customer_id::text), t.updated_at
       from seed s, customer t where t.customer_id = $2::uuid
      order by s.partition, s.customer_id
         on conflict do nothing`,
    [id, id],
  );
  await db.query("vacuum analyze customer, identifier, identity_cluster");
  await db.query("checkpoint");
}

/** A customer as the hub makes it: named, with two addresses' worth of traits and three events. Answers its id. */
async function bringUp({ db }: HubSite, port: number): Promise<string> {
  const find = async () =>
    (
      await db.query<{ id: string }>(
        "select customer_id as id from identifier join customer using (customer_id) where kind = 'user_id' and value = 'template' and (state::json->>'events')::int >= 5",
      )
    ).rows[0]?.id;
  const known = await find();
  if (known) return known;
  const calls = [
    {
      type: "identify",
      traits: { name: "Ann Template", plan: "surf", locale: "en", mail: "a@b.example", since: 2021 },
    },
    { type: "track", event: "data used", properties: { mb: 12, app: "video" } },
    { type: "track", event: "data used", properties: { mb: 15, app: "maps" } },
  ];
  const batch = calls.map((call, index) => ({ ...call, userId: "template", messageId: `template-${index}` }));
  const answer = await fetch(`http://127.0.0.1:${port}/v1/batch`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString("base64")}` },
    body: JSON.stringify({ batch }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  await eventually(async () => (await find()) !== undefined, "the template customer is brought up");
  return (await find()) ?? "";
}
