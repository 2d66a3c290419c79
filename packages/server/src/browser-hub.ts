import { createHmac } from "node:crypto";
import { createSigner } from "fast-jwt";

import { openFakeGateway } from "./channel/index.ts";
import { tokenSecretOf } from "./ingest/index.ts";
import { aSmallPack } from "./identity/a-small-pack.ts";
import { openTestHub } from "./test-hub.ts";

export type SeenProfile = {
  traits: Record<string, { value: unknown }>;
  claimed: Record<string, { value: unknown }>;
  claimedToBe: Record<string, number>;
  complaints: Record<string, unknown>;
  features: Record<string, unknown>;
  firstSeenAt: number;
  events: number;
};

/** For tests: a hub that confirms orders by text, what it knows of whom, and what a browser and the company's server can say. */
export async function openBrowserHub() {
  const sms = openFakeGateway("sms");
  const hub = await openTestHub({ gateways: [sms] });
  await hub.scenarios.install(aSmallPack);
  let ids = 0;
  let numbers = 0;
  const query = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await hub.database.db.query<Row>(text, values)).rows;

  const wait = (ms: number) => hub.clock.moveTo(hub.clock.now() + ms);
  const call = (type: string, fields: Record<string, unknown>) => ({ type, messageId: `call-${ids++}`, ...fields });
  const customerOf = async (kind: string, value: string): Promise<string | undefined> => {
    const statement = "select customer_id as id from identifier where kind = $1 and value = $2";
    return (await query<{ id: string }>(statement, [kind, value]))[0]?.id;
  };
  const stateOf = async (kind: string, value: string): Promise<string> => {
    const id = await customerOf(kind, value);
    return (
      (await query<{ state: string }>("select state from customer where customer_id = $1", [id]))[0]?.state ?? "{}"
    );
  };
  return {
    hub,
    sms,
    query,
    wait,
    call,
    customerOf,
    stateOf,
    profileOf: async (kind: string, value: string) => JSON.parse(await stateOf(kind, value)) as SeenProfile,
    deadLetters: () => query<{ reason: string }>("select reason from dead_letter order by dead_letter_id"),
    /** A customer that the company's server knows, with a number, an address and a plan. Answers the number. */
    async aCustomer(userId: string): Promise<string> {
      const phone = `+1312555${String(1000 + numbers++)}`;
      wait(1_000);
      await hub.send([call("identify", { userId, traits: { phone, email: `${userId}@town.example`, plan: "surf" } })]);
      return phone;
    },
    textsTo: (phone: string) => sms.handedOver.filter(({ to }) => to === phone).length,
    /** The secret by which the company's server proves visitors. */
    async secret(): Promise<string> {
      const { body } = await hub.call("GET", "/api/visitor-proof");
      return (body as { secrets: { secret: string }[] }).secrets[0]?.secret ?? "";
    },
  };
}
export type BrowserHub = Awaited<ReturnType<typeof openBrowserHub>>;

export const hashOf = (userId: string, secret: string) => createHmac("sha256", secret).update(userId).digest("hex");

/** A token as the company's server makes it, without an `iat` of its own. */
export const tokenOf = (claims: Record<string, unknown>, secret: string) =>
  createSigner({ key: tokenSecretOf(secret), algorithm: "HS256", noTimestamp: claims.iat === undefined })(claims);
