import { type Person, type Plan, randomOf, temperamentOf, usageHistory } from "./index.ts";

type Life = {
  hubUrl: string;
  writeKey: string;
  people: Person[];
  seed: number;
  now: () => number;
  say: (line: string) => void;
};

type Call = Record<string, unknown>;

const DAY_MS = 86_400_000;
const MONTHS = 3;
/** Something happens in the town this often. */
const BEAT_MS = 1_200;
const PAGES = ["Home", "My plan", "Usage", "Pay a bill", "Roaming", "Help", "Phones", "Coverage map"];

export const DEMO_PLANS: readonly Plan[] = [
  {
    name: "surf",
    monthlyPay: 20,
    mb: 15_360,
    minutes: 500,
    messages: 50,
    perGb: 10,
    perMinute: 0.03,
    perMessage: 0.03,
  },
  {
    name: "ultimate",
    monthlyPay: 70,
    mb: 30_720,
    minutes: 3_000,
    messages: 1_000,
    perGb: 7,
    perMinute: 0.01,
    perMessage: 0.01,
  },
];

/** The people's past, sent once, and then their days as they pass: all of it by the hub's public HTTP API. Answers how to stop. */
export function liveIn(life: Life): () => void {
  let stopped = false;
  void live(life, () => stopped).catch((fault: unknown) => life.say(`the town stopped: ${String(fault)}`));
  return () => {
    stopped = true;
  };
}

async function live(life: Life, hasStopped: () => boolean): Promise<void> {
  const { people, seed, now } = life;
  const today = new Date(now()).toISOString().slice(0, 10);
  for (const person of people) {
    if (hasStopped()) return;
    await post(life, [identify(person, seed), ...pastOf(person, seed, today)]);
  }
  const random = randomOf(seed, `life/${today}`);
  for (let beat = 0; !hasStopped(); beat++) {
    const person = people[beat % people.length] as Person;
    const guest = people[Math.floor(random() * people.length)] as Person;
    const page = PAGES[Math.floor(random() * PAGES.length)] as string;
    const mb = Math.round(random() * 4_000) / 100;
    await post(life, [
      {
        type: "page",
        userId: guest.id,
        anonymousId: `browser-${guest.id}`,
        name: page,
        messageId: `page-${now()}`,
        context: { library: { name: "web" } },
      },
      track(person, "data used", { mb }, now(), `mb-${now()}`),
      track(person, "usage day closed", { day: today }, now(), `day-${person.id}-${today}`),
    ]).catch((fault: unknown) => life.say(`the hub did not take an event: ${String(fault)}`));
    await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
  }
}

function identify(person: Person, seed: number): Call {
  const traits = {
    firstName: person.name.first,
    lastName: person.name.last,
    email: person.email,
    phone: person.phone,
    locale: person.locale,
    timezone: person.zone,
    preferredChannel: person.preferred,
    plan: planOf(person, seed).name,
  };
  return { type: "identify", userId: person.id, messageId: `identify-${person.id}`, traits };
}

const planOf = (person: Person, seed: number): Plan =>
  DEMO_PLANS[randomOf(seed, `plan/${person.id}`)() < 0.7 ? 0 : 1] as Plan;

/** Usage by day up to yesterday. The same ids each time, so that a second start of the demo adds nothing. */
function pastOf(person: Person, seed: number, today: string): Call[] {
  const firstMonth = Temporal.PlainDate.from(today)
    .subtract({ months: MONTHS - 1 })
    .toPlainYearMonth()
    .toString();
  const plan = planOf(person, seed);
  const temperament = temperamentOf(seed, person.id);
  return usageHistory({ seed, personId: person.id, plan, temperament, firstMonth, months: MONTHS })
    .filter(({ day }) => day < today)
    .flatMap(({ day, mb, minutes, messages }) => {
      const at = Date.parse(day) + DAY_MS / 2;
      return [
        ...(mb > 0 ? [track(person, "data used", { mb }, at, `mb-${person.id}-${day}`)] : []),
        ...(minutes > 0 ? [track(person, "call made", { minutes }, at, `min-${person.id}-${day}`)] : []),
        ...(messages > 0 ? [track(person, "message written", { messages }, at, `sms-${person.id}-${day}`)] : []),
      ];
    });
}

const track = (person: Person, event: string, properties: Call, at: number, messageId: string): Call => ({
  type: "track",
  userId: person.id,
  event,
  properties,
  timestamp: new Date(at).toISOString(),
  messageId,
});

async function post({ hubUrl, writeKey, now }: Life, batch: Call[]): Promise<void> {
  const response = await fetch(`${hubUrl}/v1/batch`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`,
    },
    body: JSON.stringify({ batch, sentAt: new Date(now()).toISOString() }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}
