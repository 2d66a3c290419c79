import type { PackFile } from "@rapport/contract/pack-file";

import { readPack } from "../../../packages/server/src/scenario/index.ts";
import { openChecks } from "../checks.ts";
import type { StoryOptions } from "../story-options.ts";
import { storyClock } from "../story-clock.ts";
import { openStoryHub } from "../story-hub.ts";
import { shareWorseOff, noOrders, totalPaid } from "./billing.ts";
import { checkEverything } from "./check-everything.ts";
import { live } from "./live.ts";
import { naiveBlast } from "./naive-blast.ts";
import { realCast, tariffsOf, townCast } from "./subscribers.ts";

const SEED = 11;
const TOWN_PEOPLE = 120;

/** Story 1: before the data runs out. Plays the very pack that an operator installs, on simulated or real subscribers' months. */
export async function playOverage({ data, live: isLive, say, cast: asked }: StoryOptions): Promise<number> {
  const pack = readPack("overage") as PackFile;
  if (!pack.tariffs) throw new Error("the pack names no tariffs");
  const tariffs = data === null ? pack.tariffs : await tariffsOf(data, pack.tariffs);
  const whole = data === null ? townCast(SEED, asked?.people ?? TOWN_PEOPLE, tariffs) : await realCast(data, SEED);
  const cast = asked ? { ...whole, lastDay: asked.lastDay } : whole;
  say(`overage: ${cast.about}`);

  const clock = storyClock(Date.parse(cast.firstDay) - 1);
  const people = cast.subscribers.map((subscriber) => subscriber.person);
  const story = await openStoryHub({ clock, seed: SEED, people, ...(isLive ? { port: 8080 } : {}) });
  try {
    await story.hub.scenarios.install({ ...pack, tariffs });
    if (isLive) say(`watch it at ${story.url}/claim?token=${story.signIn}`);
    const lived = await live(story, cast, tariffs, { say, pauseMs: isLive ? 2_000 : 0 });

    const naive = naiveBlast(cast, tariffs, SEED);
    const paid = {
      hub: totalPaid(cast, (subscriber) => lived.orders.get(subscriber) ?? noOrders(), tariffs),
      naive: totalPaid(cast, (subscriber) => naive.orders.get(subscriber) ?? noOrders(), tariffs),
      nothing: totalPaid(cast, noOrders, tariffs),
    };
    const worseOff = {
      hub: shareWorseOff(cast, (subscriber) => lived.orders.get(subscriber) ?? noOrders(), tariffs),
      naive: shareWorseOff(cast, (subscriber) => naive.orders.get(subscriber) ?? noOrders(), tariffs),
    };
    say("");
    say("what all customers paid together     messages sent");
    say(
      `  with Rapport     $${paid.hub.toFixed(2).padStart(10)}   ${String(story.town.phones.ledger.entries.length + story.town.mail.ledger.entries.length).padStart(6)}`,
    );
    say(`  naive blast      $${paid.naive.toFixed(2).padStart(10)}   ${String(naive.messages).padStart(6)}`);
    say(`  nobody told      $${paid.nothing.toFixed(2).padStart(10)}        0`);
    say("");

    const checks = openChecks(say);
    await checkEverything({ story, cast, tariffs, lived, paid, worseOff, check: checks.check });
    return checks.end();
  } finally {
    await story.close();
  }
}
