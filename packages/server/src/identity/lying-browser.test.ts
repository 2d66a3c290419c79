import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";

import { openTestHub, type TestHub } from "../test-hub.ts";
import { aSmallPack } from "./a-small-pack.ts";

let hub: TestHub;
before(async () => {
  hub = await openTestHub();
  await hub.scenarios.install(aSmallPack);
});
after(() => hub.end());

const START = Date.UTC(2026, 5, 1);
type Call = Record<string, unknown>;
type Said = { by: "write" | "browser"; call: Call };

const user = fc.constantFrom("u1", "u2", "u3");
const browser = fc.constantFrom("b1", "b2");
const email = fc.constantFrom("e1", "e2", "e3").map((name) => `${name}@town.example`);
const phone = fc.constantFrom("+13125550101", "+13125550102");
const minute = fc.integer({ min: 0, max: 20_000 });
const timeOf = (at: number): string => new Date(START + at * 60_000).toISOString();

/** What the company's server says: who its customers are, and what they did. */
const honest: fc.Arbitrary<Said> = fc
  .record({
    user,
    browser: fc.option(browser),
    email: fc.option(email),
    minute,
    event: fc.constantFrom("Seen", "Ordered"),
  })
  .map(({ user: userId, browser: anonymousId, email: address, minute: at, event }) => {
    const who = { userId, ...(anonymousId ? { anonymousId } : {}), timestamp: timeOf(at) };
    return address
      ? { by: "write", call: { type: "identify", ...who, traits: { email: address, plan: `p${at % 3}` } } }
      : { by: "write", call: { type: "track", ...who, event, properties: { amount: at % 7 } } };
  });

/** What a browser may say that has one anonymous id of its own, or none, and every name and address in town to claim. */
const lie: fc.Arbitrary<Said> = fc
  .record({
    type: fc.constantFrom("identify", "track", "page", "alias", "group", "merge"),
    named: fc.boolean(),
    user: fc.option(user),
    email: fc.option(email),
    phone: fc.option(phone),
    event: fc.constantFrom(
      "Seen",
      "Ordered",
      "confirmed",
      "Complaint Opened",
      "identity.apart",
      "message.sent",
      "reply",
    ),
    id: fc.option(fc.constantFrom("m00", "m01", "m02", "m03")),
    minute,
  })
  .map((said) => {
    const traits = {
      ...(said.email && { email: said.email }),
      ...(said.phone && { phone: said.phone }),
      ...{ plan: "gold", timezone: "Asia/Tokyo", household: "h1", locale: "zh" },
    };
    const who = {
      ...(said.named || !said.user ? { anonymousId: "liar" } : {}),
      ...(said.user && { userId: said.user }),
    };
    const call: Call = { type: said.type, ...who, timestamp: timeOf(said.minute), context: { traits } };
    if (said.email) call.context = { traits, externalIds: [{ type: "anonymous_id", id: "b1", collection: "users" }] };
    if (said.type === "merge")
      call.mergeProperties = [
        { type: "anonymousId", value: "b1" },
        { type: "anonymousId", value: "b2" },
      ];
    if (said.id) call.messageId = said.id;
    if (said.type === "identify") call.traits = traits;
    if (said.type === "group") Object.assign(call, { groupId: "g", traits: { plan: "gold" } });
    if (said.type === "track")
      Object.assign(call, { event: said.event, properties: { from: "u1", into: "u2", amount: 9 } });
    if (said.type === "alias") Object.assign(call, { userId: said.user ?? "u1", previousId: "u2" });
    return { by: "browser", call };
  });

/** A history, and one with lies put in at random places. */
const histories = fc
  .record({
    truth: fc.array(honest, { minLength: 3, maxLength: 10 }),
    lies: fc.array(lie, { minLength: 1, maxLength: 8 }),
  })
  .chain(({ truth, lies }) =>
    fc.record({
      truth: fc.constant(truth),
      places: fc.array(fc.nat(truth.length), { minLength: lies.length, maxLength: lies.length }),
      lies: fc.constant(lies),
    }),
  );

/** The same history in a town of its own: all names and addresses begin with the town's. */
function inTown(town: number, told: Said[]): Said[] {
  const rename = (value: unknown): unknown => {
    if (typeof value === "string" && /^(u|b)\d$|^liar$|^m\d\d$/.test(value)) return `t${town}-${value}`;
    if (typeof value === "string" && value.endsWith("@town.example")) return `t${town}-${value}`;
    if (typeof value === "string" && value.startsWith("+1312555"))
      return `+1312${200 + (town % 700)}${value.slice(-4)}`;
    if (Array.isArray(value)) return value.map(rename);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rename(one)]));
  };
  return told.map(({ by, call }, index) => {
    const messageId = call.messageId ?? (by === "write" ? `m${String(index).padStart(2, "0")}` : `l${index}`);
    return { by, call: rename({ ...call, messageId }) as Call };
  });
}

async function live(told: Said[]): Promise<void> {
  for (const { by, call } of told) await hub.send([call], by);
}

/** Everything known of the town's customers, without what differs between towns: by their identifiers. */
async function known(town: number): Promise<{ honest: unknown[]; liars: string[][] }> {
  const { rows } = await hub.database.db.query<{ identifiers: string[]; state: string }>(
    `select array_agg(kind || ':' || value order by kind, value) as identifiers, min(c.state) as state
       from identifier i join customer c using (customer_id)
      where i.kind <> 'customer' and c.merged_into is null
        and exists (select 1 from identifier m where m.customer_id = i.customer_id and (m.value like $1 or m.kind = 'visitor'))
      group by customer_id`,
    [`t${town}-%`],
  );
  const isLiar = (identifiers: string[]) => identifiers.some((one) => /^visitor:|-liar$/.test(one));
  const townless = (text: string) => text.replaceAll(`t${town}-`, "");
  return {
    honest: rows
      .filter((row) => !isLiar(row.identifiers))
      .map((row) => {
        const { customerId: _, ledger, proofs, decidedAt, offer, ...state } = JSON.parse(townless(row.state));
        const contacts = ledger.map(({ messageId: __, ...contact }: { messageId: string }) => contact);
        return { identifiers: row.identifiers.map(townless), state, contacts, decided: Object.keys(decidedAt) };
      })
      .sort((a, b) => (String(a.identifiers) < String(b.identifiers) ? -1 : 1)),
    liars: rows.filter((row) => isLiar(row.identifiers)).map((row) => row.identifiers),
  };
}

test("no customer is otherwise for what one lying browser says, whatever it says and whenever", async () => {
  let towns = 0;
  await fc.assert(
    fc.asyncProperty(histories, async ({ truth, lies, places }) => {
      const mixed = truth.flatMap((said, index) => [...lies.filter((_, n) => places[n] === index), said]);
      mixed.push(...lies.filter((_, n) => places[n] === truth.length));
      const [alone, lied] = [towns++, towns++];
      const ids = new Map(truth.map((said, index) => [said, `m${String(index).padStart(2, "0")}`]));
      const numbered = (told: Said[]) =>
        told.map((said) => {
          const id = ids.get(said);
          return id ? { ...said, call: { ...said.call, messageId: id } } : said;
        });
      await live(inTown(alone, numbered(truth)));
      await live(inTown(lied, numbered(mixed)));
      const [without, withLies] = [await known(alone), await known(lied)];
      assert.deepEqual(withLies.honest, without.honest);
      for (const identifiers of withLies.liars)
        assert.deepEqual(
          identifiers.filter((one) => !/^visitor:|-liar$/.test(one)),
          [],
          "the liar has its own anonymous id and nothing else",
        );
    }),
    { numRuns: 40 },
  );
});
