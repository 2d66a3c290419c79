import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import { residentMb } from "../../bench/cpu-time.ts";
import { findKey, hashOf, idSpaceOf } from "../../packages/server/src/access/index.ts";
import { realClock } from "../../packages/server/src/platform/clock.ts";
import { freePort } from "../../packages/server/src/platform/embedded-postgres.ts";
import { openScenarios } from "../../packages/server/src/scenario/index.ts";
import { eventually, type HubSite, openHubSite, WRITE_KEY } from "../harness/hub-site.ts";
import { settled } from "../harness/ledgers.ts";
import { type Load, openLoad } from "../harness/load.ts";
import { openSinkLog } from "../harness/sink-log.ts";
import { p99During } from "./crowd.ts";
import { type Check, checkLedgers, type Fault, rest } from "./fault.ts";
import type { Tally, Target } from "./hostile/attack.ts";
import { checkEffects } from "./hostile/check-effects.ts";
import { answerOffers, CUSTOMERS, settleTown, targetOf, townPack } from "./hostile/honest-town.ts";

const MOST_MB = 900;
const SETTLES_WITHIN_MS = 120_000;
const STOPS_WITHIN_MS = 120_000;
/** About 200 events a second, and five orders, each of which is confirmed. */
const HONEST = { clients: 4, batch: 10, pauseMs: 190, customers: CUSTOMERS };
const ORDERS = { clients: 1, batch: 1, pauseMs: 190, customers: CUSTOMERS, event: "Ordered" };
const CONTROL = { clients: 1, batch: 10, pauseMs: 190, customers: CUSTOMERS };
const FORGED_TWILIO = {
  TWILIO_ACCOUNT_SID: "AC",
  TWILIO_AUTH_TOKEN: "a token that attackers do not know",
  TWILIO_URL: "http://127.0.0.1:9",
};

export const hostileFaults: Record<string, Fault> = {
  hostile: {
    title:
      "all doors attacked at once for a minute: lies, floods, bombs, guesses, forged mail and webhooks, slow sockets",
    run: ({ check }) => playHostile(check, { calmMs: 20_000, attackMs: 60_000, isTimed: true }),
  },
};

/** `isTimed`: the speed of honest clients is compared too, which a machine with other work on it may spoil. */
export async function playHostile(
  check: Check,
  { calmMs, attackMs, isTimed }: { calmMs: number; attackMs: number; isTimed: boolean },
): Promise<void> {
  const site = await openHubSite();
  const sink = await openSinkLog();
  const loads: Load[] = [];
  try {
    await (await openScenarios(site.db, realClock, { zones: ["UTC"], locale: "en" })).install(townPack);
    const mailPort = await freePort();
    const env = { SMTP_URL: `smtp://127.0.0.1:${sink.port}`, MAIL_LISTEN_PORT: String(mailPort), ...FORGED_TWILIO };
    const door = await site.start("api,worker,sender", { env });
    const other = isTimed ? await site.start("api") : door;
    await settleTown(site, door.port, sink);
    const target = await targetOf(site, { http: door.port, mail: mailPort });

    const honest = openLoad({ ...HONEST, ports: () => [door.port], tag: "honest" });
    const orders = openLoad({ ...ORDERS, ports: () => [door.port], tag: "orders" });
    const control = openLoad({ ...CONTROL, ports: () => [other.port], tag: "control" });
    loads.push(honest, orders, control);
    await rest(Math.min(3_000, calmMs));
    const [before] = await p99During(rest(calmMs), honest, control);
    const memoryBefore = residentMb(door.pid).now;
    const [during, elsewhere] = await p99During(attack(check, target, attackMs, site), honest, control);

    if (isTimed) {
      check("there is a p99 of calm to compare with", before > 0, `${before} ms`);
      const most = 2 * Math.max(before, elsewhere);
      check("under attack the p99 of honest clients is at most twice", during <= most, { before, during, elsewhere });
    }
    check("honest clients saw 200, 429 and 503 alone", isExpected([honest, orders]), [...honest.statuses]);
    const answer = await fetch(`http://127.0.0.1:${door.port}/healthz`, { signal: AbortSignal.timeout(5_000) });
    check("the hub answers", answer.status === 200, answer.status);

    const space = idSpaceOf((await findKey(site.db, hashOf(WRITE_KEY))) ?? fail());
    await Promise.all([honest.finish(), orders.finish(), control.finish()]);
    await settled(site.db, SETTLES_WITHIN_MS);
    const atLeast = isTimed ? 500 : 50;
    for (const [tag, load] of Object.entries({ honest, orders, control }))
      await checkLedgers(check, site, load, tag, { space, atLeast: tag === "honest" ? atLeast : 10 });
    await checkEffects(check, site, sink);
    const { highest, now } = residentMb(door.pid);
    check(`memory stays below ${MOST_MB} MB`, highest < MOST_MB, { before: memoryBefore, now, highest });
    check("the process goes on", door.isRunning(), door.isRunning() ? undefined : door.output());
  } finally {
    for (const load of loads) load.abandon();
    // The hub first: the sink waits for whoever is connected.
    await site.close();
    await sink.close();
  }
}

function fail(): never {
  throw new Error("the site has no write key");
}

const isExpected = (loads: Load[]): boolean =>
  loads.every(({ statuses }) => [...statuses.keys()].every((status) => [200, 429, 503].includes(status)));

/** Attacks for so long from a process of its own, while customers answer their offers. */
async function attack(check: Check, target: Target, ms: number, site: HubSite): Promise<void> {
  const attackers = fork(join(import.meta.dirname, "hostile/attackers.ts"), [JSON.stringify(target)]);
  try {
    await lastFor(ms, target, site);
    const tally = once(attackers, "message");
    attackers.send("enough");
    for (const [name, answers] of Object.entries(((await tally) as [Tally])[0])) checkAnswers(check, name, answers);
  } finally {
    attackers.kill();
  }
}

/** As long as was said, and until every one of the forged STOPs has been heard. */
async function lastFor(ms: number, target: Target, site: HubSite): Promise<void> {
  const over = rest(ms);
  await answerOffers(site, target.mailPort);
  await over;
  await eventually(
    async () => {
      const { rows } = await site.db.query("select 1 as closed from suppression where cause = 'opt-out'");
      return rows.length === target.stopped.length;
    },
    "every forged STOP has come",
    STOPS_WITHIN_MS,
  );
}

/** What is refused in so many words, and what must never be answered. */
const ANSWERS: Record<string, RegExp> = {
  "guessed passwords": /^(401|429)$/,
  "guessed links": /^(401|429)$/,
  "guessed keys": /^401$/,
  "wild addresses": /^(400|401|403|404|414|415|431)$/,
  "wild cursors": /^400$/,
  "forged webhooks": /^401$/,
  "forged links": /^404$/,
  bombs: /^(400|429)$/,
  "huge letters": /^(552|421|451|cut off|EPIPE|ECONNRESET)$/,
};
const ANSWERED_OTHERWISE = /^(200|202|400|429|250|421|cut off|ECONNRESET)$/;

function checkAnswers(check: Check, name: string, answers: Record<string, number>): void {
  const expected = ANSWERS[name] ?? ANSWERED_OTHERWISE;
  const all = Object.keys(answers);
  check(
    `${name}: tried, and answered as it should be`,
    all.length > 0 && all.every((one) => expected.test(one)),
    answers,
  );
}
