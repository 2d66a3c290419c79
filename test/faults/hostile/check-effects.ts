import { isDeepStrictEqual } from "node:util";

import type { HubSite } from "../../harness/hub-site.ts";
import type { SinkLog } from "../../harness/sink-log.ts";
import type { Check } from "../fault.ts";
import { emailOf, phoneOf } from "./attack.ts";
import { ANSWERING, CUSTOMERS, OFFERED, STARTED, STOPPED } from "./honest-town.ts";

type Profile = {
  traits: Record<string, { value: unknown }>;
  consent: Record<string, { value: { status: string } }>;
  complaints: Record<string, unknown>;
};
type Known = {
  number: number;
  customerId: string;
  state: Profile;
  identifiers: string[];
  origins: string[];
  orders: number;
  accepted: number;
};

/**
 * Holds what is known of the honest customers, and what was written to anybody, against what their own events and letters call
 * for. Of the forged letters one kind has an effect, as it should: a STOP ends marketing, and its customer is told so.
 */
export async function checkEffects(check: Check, site: HubSite, sink: SinkLog): Promise<void> {
  const known = await knownOf(site);
  const all = (what: string, isRight: (one: Known) => boolean) => {
    const wrong = known.filter((one) => !isRight(one)).map(({ number }) => `u${number}`);
    check(what, known.length === CUSTOMERS && wrong.length === 0, { customers: known.length, wrong });
  };
  all("every honest customer has the identifiers that the server said, and no other", isAlone);
  all("every honest customer has the traits that the server said, and no other", hasOwnTraits);
  all("consents are as they were, but for marketing where a STOP was forged", ({ number, state }) => {
    const withdrawn = STARTED.includes(number) || STOPPED.includes(number);
    const consent = Object.entries(state.consent).map(([key, { value }]) => `${key} ${value.status}`);
    return isDeepStrictEqual(consent, withdrawn ? ["marketing/email withdrawn"] : []);
  });
  all("no complaint was opened", ({ state }) => Object.keys(state.complaints).length === 0);
  all("whoever said yes himself ordered, once, and nobody else", ({ number, accepted }) => {
    return accepted === (ANSWERING.includes(number) ? 1 : 0);
  });
  all("no browser is on their timelines, and of proven persons only who wrote", ({ number, origins }) => {
    return !origins.includes("browser") && (!origins.includes("person") || ANSWERING.includes(number));
  });

  const mails = new Map(sink.times());
  mails.delete("eve@evil.example");
  const due = new Map(known.map((one) => [emailOf(one.number), mailsDue(one)]));
  const odd = [...new Set([...mails.keys(), ...due.keys()])].filter(
    (to) => (mails.get(to) ?? 0) !== (due.get(to) ?? 0),
  );
  const told = odd.slice(0, 5).map((to) => ({ to, came: mails.get(to) ?? 0, due: due.get(to) ?? 0 }));
  check("each letter that is due came once, and no other", odd.length === 0, { due: sumOf(due), odd: told });

  const { rows: closed } = await site.db.query<{ row: string; n: number }>(
    "select cause || '/' || scope as row, count(*)::int as n from suppression group by 1 order by 1",
  );
  const expected = [
    { row: "bounce/all", n: 1 },
    { row: "opt-out/marketing", n: STOPPED.length },
  ];
  check(
    "closed are the attacker's own address, and marketing where a STOP was forged",
    sameRows(closed, expected),
    closed,
  );
  const { rows: merged } = await site.db.query<{ n: number }>(
    "select count(*)::int as n from customer where merged_into is not null",
  );
  check("nobody was merged", merged[0]?.n === 0, merged[0]?.n);
}

const sameRows = (one: { row: string; n: number }[], other: { row: string; n: number }[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
const sumOf = (counts: Map<string, number>): number => [...counts.values()].reduce((sum, one) => sum + one, 0);

const isAlone = ({ number, customerId, identifiers }: Known): boolean =>
  isDeepStrictEqual(identifiers, [
    `customer:${customerId}`,
    `email:${emailOf(number)}`,
    `phone:${phoneOf(number)}`,
    `user_id:u${number}`,
  ]);

function hasOwnTraits({ number, state }: Known): boolean {
  const traits = Object.fromEntries(Object.entries(state.traits).map(([name, { value }]) => [name, value]));
  return isDeepStrictEqual(traits, { email: emailOf(number), phone: phoneOf(number), plan: "surf" });
}

const mailsDue = ({ number, orders }: Known): number =>
  orders + (OFFERED.includes(number) || ANSWERING.includes(number) ? 1 : 0) + (STOPPED.includes(number) ? 1 : 0);

async function knownOf({ db }: HubSite): Promise<Known[]> {
  const { rows } = await db.query<Omit<Known, "state"> & { state: string }>(
    `select substr(i.value, 2)::int as number, c.customer_id as "customerId", c.state,
            (select array_agg(kind || ':' || value order by kind) from identifier where customer_id = c.customer_id) as identifiers,
            e.origins, e.orders, e.accepted
       from identifier i join customer c using (customer_id)
      cross join lateral (
              select array_agg(distinct body::json->>'origin') as origins,
                     (count(*) filter (where event_id like '%/orders-%'))::int as orders,
                     (count(*) filter (where body::json->>'name' = 'thing accepted'))::int as accepted
                from event where event.partition = c.partition and event.customer_id = c.customer_id
            ) e
      where i.kind = 'user_id' and i.value ~ '^u\\d+$' and c.merged_into is null`,
  );
  return rows.map((row) => ({ ...row, state: JSON.parse(row.state) as Profile }));
}
