import { randomUUID } from "node:crypto";
import { type Logger, pino } from "pino";

import { hashOf, insertKey, insertStaff } from "./access/index.ts";
import { type FakeBehaviour, type Gateway, openFakeGateway } from "./channel/index.ts";
import { type Hub, openHub } from "./hub.ts";
import { NO_RATES, type Rates } from "./ingest/index.ts";
import { type SimulatedClock, simulatedClock } from "./platform/clock.ts";
import type { LoadShare } from "./platform/load-share.ts";
import { openTestDatabase, type TestDatabase } from "./platform/test-database.ts";

export type TestHub = Hub & {
  clock: SimulatedClock;
  database: TestDatabase;
  writeKey: string;
  /** Calls the API with the key of this scope. */
  call(
    method: Method,
    url: string,
    body?: unknown,
    scope?: "read" | "admin",
  ): Promise<{ status: number; body: unknown }>;
  /** Sends calls of the Segment batch route, by the company's server unless another key is named, and waits until they are applied. */
  send(batch: Record<string, unknown>[], by?: "write" | "browser"): Promise<void>;
  /** Calls the API as a browser with this cookie does; answers the cookie that it is to have from now on. */
  as<Body>(cookie: string, method: Method, url: string, body?: object, from?: string): Promise<AnsweredTo<Body>>;
  /** Signs a colleague in anew by a one-time link, with this password from now on; answers the cookie. */
  signedIn(staffId?: string, password?: string): Promise<string>;
  end(): Promise<void>;
};

type Method = "GET" | "POST" | "PATCH" | "DELETE";
type AnsweredTo<Body> = { status: number; body: Body; cookie: string };

export const KEYS = {
  write: "rk_server_test_server_key",
  browser: "rk_browser_test_browser_key",
  read: "rk_read_test_read_key",
  admin: "rk_admin_test_admin_key",
};
export const TWILIO_TOKEN = "test-twilio-auth-token";
export const ADMIN = {
  staffId: "00000000-0000-4000-8000-000000000001",
  email: "admin@rapport.example",
  name: "Ann",
  role: "admin",
} as const;

/** A whole hub on a database of its own, at a simulated noon, with gateways given or none. */
export async function openTestHub(
  options: {
    startAt?: number;
    rates?: Rates;
    /** All of the rates, however busy the tests are, unless it is given. */
    loadShare?: LoadShare;
    gateways?: Gateway[];
    publicUrl?: string;
    trustedProxies?: string[];
    logger?: Logger;
  } = {},
): Promise<TestHub> {
  const database = await openTestDatabase();
  const clock = simulatedClock(options.startAt ?? Date.UTC(2026, 5, 10, 16));
  const { db } = database;
  for (const [name, secret] of Object.entries(KEYS) as [keyof typeof KEYS, string][]) {
    const origin = name === "write" ? "server" : name === "browser" ? "browser" : null;
    const scope = name === "browser" ? "write" : name;
    const made = { prefix: "rk", createdBy: "test", createdAt: new Date(0) };
    const key = { apiKeyId: randomUUID(), name: `test-${name}`, scope, origin, idGroup: null, ...made } as const;
    await insertKey(db, key, hashOf(secret));
  }
  await insertStaff(db, ADMIN, new Date(0));
  const hub = await openHub({
    db,
    clock,
    company: { name: "Northwind Mobile", zone: "America/New_York", locale: "en", mailDomain: "rapport.example" },
    publicUrl: options.publicUrl ?? "https://hub.example",
    trustedProxies: options.trustedProxies ?? [],
    roles: ["api", "worker", "sender"],
    rates: options.rates ?? NO_RATES,
    loadShare: options.loadShare ?? { now: () => 1, close: () => undefined },
    smsPrice: { amount: 0.008, currency: "USD" },
    twilioAuthToken: TWILIO_TOKEN,
    logger: options.logger ?? pino({ level: process.env.TEST_LOG ?? "silent" }),
    openChannels: async () => ({ gateways: options.gateways ?? [], close: async () => undefined }),
  });

  const call: TestHub["call"] = async (method, url, body, scope = "admin") => {
    const answer = await hub.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${KEYS[scope]}` },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return { status: answer.statusCode, body: answer.body ? JSON.parse(answer.body) : null };
  };
  return {
    ...hub,
    clock,
    database,
    writeKey: KEYS.write,
    call,
    async as<Body>(cookie: string, method: Method, url: string, payload?: object, from = "198.51.100.9") {
      const headers = { cookie, "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" };
      const sent = { method, url, headers, remoteAddress: from, ...(payload ? { payload } : {}) };
      const answer = await hub.app.inject(sent);
      const set = String(answer.headers["set-cookie"] ?? "").split(";")[0] ?? "";
      return { status: answer.statusCode, body: (answer.body ? JSON.parse(answer.body) : null) as Body, cookie: set };
    },
    async send(batch, by = "write") {
      const answer = await hub.app.inject({
        method: "POST",
        url: "/v1/batch",
        headers: {
          authorization: `Basic ${Buffer.from(`${KEYS[by]}:`).toString("base64")}`,
          "content-type": "application/json",
        },
        payload: JSON.stringify({ batch, sentAt: new Date(clock.now()).toISOString() }),
      });
      if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`);
      await hub.idle();
    },
    async signedIn(staffId = ADMIN.staffId, password = "correct horse battery") {
      const from = { address: "198.51.100.200", browser: "a test" };
      const signed = await hub.signIns.byToken(await hub.signIns.invite(staffId), password, from);
      if (signed.kind !== "in") throw new Error("a second factor is asked");
      return `rapport=${signed.token}`;
    },
    async end() {
      await hub.close();
      await database.drop();
    },
  };
}

export { type FakeBehaviour, openFakeGateway };
