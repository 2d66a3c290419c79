import { randomUUID } from "node:crypto";
import { once } from "node:events";
import smpp, { type Pdu } from "smpp";

import { rebuildProfiles } from "../../packages/server/src/partition/index.ts";
import { type Person, peopleOf } from "../../packages/town/src/index.ts";
import { ADMIN_KEY, eventually, insertKeys } from "../harness/hub-site.ts";
import { openSlowPost, type SlowPost } from "../harness/slow-post.ts";
import { storyClock } from "../stories/story-clock.ts";
import { openStoryHub, type StoryHub } from "../stories/story-hub.ts";
import type { Check, Fault } from "./fault.ts";

const WEEK_MS = 7 * 86_400_000;
const TIMES = 3;
const NOON = Date.UTC(2026, 5, 10, 16);
/** Even where nobody knows the id, and it is looked for a while. */
const QUICK_MS = 2_000;

type Sent = { messageId: string; channel: "email" | "sms"; ends: "sent" | "delivered" | "failed" };

export const receiptFaults: Record<string, Fault> = {
  F9: {
    title: "receipts and bounces three times, in reverse, a week late, and for nobody, over SMPP and SMTP",
    async run({ check, size }) {
      const people = peopleOf({ seed: 9, count: Math.min(100, size) }).map(whoReadsNothing);
      const late = lateClock();
      const posts: SlowPost[] = [];
      const postThrough = async (port: number) => {
        const post = await openSlowPost(port);
        posts.push(post);
        return post.port;
      };
      const story = await openStoryHub({ clock: late.clock, seed: 9, people, postThrough, unknownMail: "bounce" });
      try {
        const sent = await writeToAll(story, people);
        await story.hub.idle();
        const bounced = sent.filter(({ ends }) => ends === "failed").length;
        await eventually(() => posts[0]?.kept() === bounced, "the reports are at the post office");
        const strangers = await sendAsStranger(story.town.phones.port);

        late.clock.moveTo(NOON + WEEK_MS);
        late.doAllInReverse(TIMES);
        const receipts = (people.length + strangers) * TIMES;
        const tookMs = (await posts[0]?.deliver(TIMES)) ?? [];
        const answered = story.town.phones.receipts.entries;
        await eventually(() => answered.length === receipts, "every receipt has been answered", 60_000);
        await story.hub.idle();

        check(
          "every receipt was taken",
          answered.every((one) => one.wasTaken),
          answered.length,
        );
        check(
          "receipts for nobody came, too",
          answered.filter((one) => one.to === STRANGER).length === strangers * TIMES,
        );
        const slowestMs = Math.max(...tookMs, ...answered.map((one) => one.afterMs));
        check(`every answer within ${QUICK_MS} ms`, slowestMs < QUICK_MS, Math.round(slowestMs));
        await checkEnds(check, story, sent);
        const parts = { db: story.db, model: story.hub.scenarios.model, now: late.clock.now };
        const { differences } = await rebuildProfiles(parts, false);
        check("every profile is the fold of its timeline", differences.length === 0, differences.length);
        checkTown(check, story, sent, strangers);
      } finally {
        await story.close();
        for (const post of posts) await post.close();
      }
    },
  },
};

/** A clock whose deeds wait to be done all at once, in the wrong order and again and again. */
function lateClock() {
  const clock = storyClock(NOON);
  const deeds: (() => void)[] = [];
  return {
    clock: { ...clock, schedule: (_delayMs: number, deed: () => void) => void deeds.push(deed) },
    doAllInReverse(times: number): void {
      for (let turn = 0; turn < times; turn++) for (const deed of deeds.toReversed()) deed();
    },
  };
}

const whoReadsNothing = (person: Person): Person => ({
  ...person,
  habits: { ...person.habits, reads: { email: 0, sms: 0 } },
});

/** An SMS and a mail to everybody; every third has moved, so that the mail comes back. */
async function writeToAll(story: StoryHub, people: Person[]): Promise<Sent[]> {
  await insertKeys(story.db);
  const hasMoved = (index: number) => index % 3 === 0;
  await story.post(
    people.map(({ id, phone, email }, index) => {
      const traits = { phone, email: hasMoved(index) ? `moved-${email}` : email };
      return { type: "identify", userId: id, messageId: `who-${id}`, traits };
    }),
  );
  await story.hub.idle();
  const { rows } = await story.db.query<{ customerId: string; email: string }>(
    "select customer_id as \"customerId\", state::json->'traits'->'email'->>'value' as email from customer",
  );
  const written = rows.flatMap(({ customerId, email }) => [
    write(story, customerId, "sms", "delivered"),
    write(story, customerId, "email", email.startsWith("moved-") ? "failed" : "sent"),
  ]);
  return Promise.all(written);
}

async function write(
  { url }: StoryHub,
  customerId: string,
  channel: Sent["channel"],
  ends: Sent["ends"],
): Promise<Sent> {
  const answer = await fetch(`${url}/api/messages`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${ADMIN_KEY}`,
      "idempotency-key": randomUUID(),
      "content-type": "application/json",
    },
    body: JSON.stringify({ customerId, channel, purpose: "service", subject: "F9", text: "Hello." }),
  });
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
  const { messageId } = (await answer.json()) as { messageId: string };
  return { messageId, channel, ends };
}

const STRANGER = "+12025550199";

/** Somebody else's messages over the same message centre: it sends their receipts to us. Answers how many. */
async function sendAsStranger(port: number): Promise<number> {
  const session = smpp.connect({ host: "127.0.0.1", port });
  await once(session, "connect");
  const asked = (send: (answer: (pdu: Pdu) => void) => boolean) => new Promise<Pdu>((resolve) => void send(resolve));
  await asked((answer) => session.bind_transceiver({ system_id: "hub", password: "town" }, answer));
  for (let number = 0; number < 2; number++) {
    const sms = { destination_addr: STRANGER.slice(1), short_message: "not yours", registered_delivery: 1 };
    await asked((answer) => session.submit_sm(sms, answer));
  }
  session.destroy();
  return 2;
}

/** Every acknowledged message has the one true history, and what is counted is what is told. */
async function checkEnds(check: Check, { db }: StoryHub, sent: Sent[]): Promise<void> {
  const { rows } = await db.query<{ id: string; status: string; times: number }>(
    "select message_id as id, status, count(*) as times from message_status group by message_id, status",
  );
  const histories = Map.groupBy(rows, (row) => row.id);
  const wrong = sent.filter(({ messageId, ends }) => {
    const told = (histories.get(messageId) ?? []).map(({ status, times }) => `${status} ${times}`).sort();
    const expected = [...new Set(["planned", "sent", ends])].map((status) => `${status} 1`).sort();
    return told.join() !== expected.join();
  });
  check("every acknowledged message has the one true history", wrong.length === 0, {
    wrong: wrong.length,
    of: sent.length,
  });
  check("there are no others", histories.size === sent.length, histories.size);
  const { rows: tallies } = await db.query<{ metric: string; value: number }>(
    "select metric, sum(value)::int as value from tally where metric like 'message.%' group by metric",
  );
  const counted = new Map(tallies.map(({ metric, value }) => [metric, value]));
  for (const status of ["delivered", "failed"] as const) {
    const expected = sent.filter(({ ends }) => ends === status).length;
    check(`what is counted as ${status} is what was`, counted.get(`message.${status}`) === expected, expected);
  }
  const { rows: suppressed } = await db.query<{ n: number }>("select count(*) as n from suppression");
  const gone = sent.filter(({ ends }) => ends === "failed").length;
  check("the addresses that mail came back from are closed, once each", suppressed[0]?.n === gone, suppressed[0]?.n);
}

/** The town's own ledgers: each message came once, and nothing came that was not sent. */
function checkTown(check: Check, { town }: StoryHub, sent: Sent[], strangers: number): void {
  const ofChannel = (channel: Sent["channel"]) => sent.filter((one) => one.channel === channel).length;
  const keys = town.mail.ledger.entries.map((mail) => mail.key);
  check(
    "the town got each mail once",
    keys.length === ofChannel("email") && new Set(keys).size === keys.length,
    keys.length,
  );
  const phones = town.phones.ledger.entries.map((sms) => sms.to).filter((to) => to !== STRANGER);
  check("the town got each SMS once", phones.length === ofChannel("sms") && new Set(phones).size === phones.length);
  check("and the stranger's", town.phones.ledger.entries.length - phones.length === strangers);
}
