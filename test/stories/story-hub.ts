import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";

import { hashOf, insertKey } from "../../packages/server/src/access/index.ts";
import { firstSignIn } from "../../packages/server/src/first-run.ts";
import { type Hub, openHub } from "../../packages/server/src/hub.ts";
import { channelsOf } from "../../packages/server/src/open-channels.ts";
import { type Database, openDatabase } from "../../packages/server/src/platform/database.ts";
import { freePort, startEmbeddedPostgres } from "../../packages/server/src/platform/embedded-postgres.ts";
import { migrate } from "../../packages/server/src/platform/migrate.ts";
import { openTown, type Person, type Town } from "../../packages/town/src/index.ts";
import type { StoryClock } from "./story-clock.ts";

const WRITE_KEY = "rk_write_story";
const READ_KEY = "rk_read_story";

export type StoryHub = {
  hub: Hub;
  db: Database;
  town: Town;
  url: string;
  signIn: string | null;
  /** What people did about what they got, in the order they did it. */
  answers: { person: Person; at: number; kind: string; text: string; fault: unknown }[];
  post(batch: Record<string, unknown>[]): Promise<void>;
  get<T>(path: string): Promise<T>;
  /** Moves the story on: people do what they meant to do, and the hub catches up. */
  moveTo(at: number): Promise<void>;
  close(): Promise<void>;
};

/** A hub with an empty embedded database at the story's time, and a town around it, joined by SMTP, SMPP and HTTP. */
export async function openStoryHub(options: {
  clock: StoryClock;
  seed: number;
  people: Person[];
  port?: number;
  /** How the town's own mail comes to the hub: straight, or through somebody in between, whose port this answers. */
  postThrough?: (hubMailPort: number) => Promise<number>;
  unknownMail?: "refuse" | "bounce";
}): Promise<StoryHub> {
  const { clock, seed, people } = options;
  const folder = mkdtempSync(join(tmpdir(), "rapport-story-"));
  const postgres = await startEmbeddedPostgres(folder);
  await migrate(postgres.url, () => undefined);
  const db = openDatabase(postgres.url, { poolSize: 12, name: "story" });
  for (const [scope, secret] of [
    ["write", WRITE_KEY],
    ["read", READ_KEY],
  ] as const) {
    await insertKey(
      db,
      {
        apiKeyId: randomUUID(),
        name: `story-${scope}`,
        scope,
        origin: scope === "write" ? "server" : null,
        idGroup: null,
        prefix: "rk",
        createdBy: "story",
        createdAt: new Date(),
      },
      hashOf(secret),
    );
  }

  const answers: StoryHub["answers"] = [];
  const listenPort = await freePort();
  const town = await openTown({
    seed,
    people,
    clock,
    hubMail: { host: "127.0.0.1", port: (await options.postThrough?.(listenPort)) ?? listenPort },
    unknownMail: options.unknownMail ?? "refuse",
    onDone: (person, reaction, fault) => {
      answers.push({
        person,
        at: clock.now(),
        kind: reaction.kind,
        text: "text" in reaction ? reaction.text : "",
        fault,
      });
    },
  });
  const logger = pino({ level: process.env.STORY_LOG ?? "error" }, pino.destination(2));
  const hub = await openHub({
    db,
    clock,
    company: { name: "Northwind Mobile", zone: "America/New_York", locale: "en", mailDomain: "rapport.example" },
    publicUrl: "https://hub.rapport.example",
    roles: ["api", "worker", "sender"],
    trustedProxies: [],
    twilioAuthToken: null,
    smsPrice: null,
    logger,
    openChannels: channelsOf({
      mail: {
        url: `smtp://127.0.0.1:${town.mail.port}`,
        from: "Northwind Mobile <care@rapport.example>",
        domain: "rapport.example",
        listenPort,
        listenTls: null,
        dkim: null,
        imapUrl: null,
        trustedRelays: [],
        trustedAuthserv: [],
      },
      sms: {
        smppUrl: `smpp://hub:town@127.0.0.1:${town.phones.port}`,
        sender: "NORTHWIND",
        alphabet: "gsm7",
        price: null,
        twilio: null,
      },
      rootsFile: null,
      publicUrl: "https://hub.rapport.example",
      host: "127.0.0.1",
      allowedHosts: [],
      now: clock.now,
      onFault: (where, fault) => logger.warn({ err: fault }, where),
    }),
  });
  const url = await hub.app.listen({ port: options.port ?? 0, host: "127.0.0.1" });
  const signIn = await firstSignIn(db, clock, hub.signIns);

  const close = async () => {
    await hub.close();
    await town.close();
    await db.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  // Whoever has watched enough leaves no database running behind.
  process.once("SIGINT", () => void close().finally(() => process.exit(130)));

  return {
    hub,
    db,
    town,
    url,
    signIn,
    answers,
    async post(batch) {
      const response = await fetch(`${url}/v1/batch`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString("base64")}`,
        },
        body: JSON.stringify({ batch, sentAt: new Date(clock.now()).toISOString() }),
      });
      if (response.status !== 200) throw new Error(`the hub answered ${response.status}: ${await response.text()}`);
    },
    async get(path) {
      const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${READ_KEY}` } });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    async moveTo(at) {
      let heard = answers.length;
      const done = clock.runUntil(at);
      clock.moveTo(Math.max(at, clock.now()));
      // Deeds are calls over the network: those of people are told when they are done, receipts within a moment.
      for (let look = 0; look < 40 && done > 0 && answers.length === heard && look < 3; look++) await pause(5);
      for (heard = -1; heard !== answers.length; ) {
        heard = answers.length;
        if (done > 0) await pause(25);
        await hub.idle();
      }
    },
    close,
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
