/** Something that happened to a customer, as a screen is given it: an event, or a line of the live list. */
export type Happening = { kind: string; name: string; channel: string; detail: Readonly<Record<string, unknown>> };

type Say = (key: string, given?: Readonly<Record<string, string | number>>) => string | null;

/** Tells it in words of the reader's language. What the sender named itself (a page, a deed) stays as named. */
export function tellHappening({ kind, name, channel, detail }: Happening, say: Say): string {
  const wordOf = (group: string, given: unknown) => say(`${group}.${String(given)}`) ?? String(given ?? "");
  const way = { channel: wordOf("channel", detail.channel ?? channel) };
  switch (kind) {
    case "page":
      return (name ? say("happened.page", { name }) : say("happened.page.unnamed")) ?? name;
    case "consent":
      return (
        say(`happened.consent.${String(detail.status)}`, { ...way, purpose: wordOf("purpose", detail.purpose) }) ?? name
      );
    case "message": {
      // An answer is known to belong to a message before it is known by which way that went.
      const status = say(`status.${name.replace("message.", "")}`);
      const plain = detail.channel === undefined && status ? say("happened.message", { status }) : null;
      const told = plain ?? say(`happened.${name}`, way) ?? name;
      const subject = detail.subject;
      return typeof subject === "string" ? (say("happened.subject", { told, subject }) ?? told) : told;
    }
    case "reply":
      return say("happened.reply", { ...way, text: clipped(String(detail.text ?? "")) }) ?? name;
    case "decision": {
      const action = [detail.action, detail.item].filter((part) => typeof part === "string").join(", ");
      return say(`happened.decision.${String(detail.outcome)}`, { action }) ?? name;
    }
    case "track": {
      const facts = factsIn(detail);
      return (facts ? say("happened.track.with", { name, detail: facts }) : say("happened.track", { name })) ?? name;
    }
    case "staff":
      return say(`happened.staff.${name}`) ?? say("happened.staff", { name }) ?? name;
    default:
      return say(`happened.${kind}`, { name }) ?? name;
  }
}

/** The decision it was or belongs to, whose why can be looked at. */
export function decisionOf({ detail }: Pick<Happening, "detail">): string | null {
  return typeof detail.decisionId === "string" ? detail.decisionId : null;
}

/** The first plain properties, as `name value`: enough to recognise the event by. */
function factsIn(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .filter(([name, value]) => !/Id$/.test(name) && (typeof value === "number" || typeof value === "string"))
    .slice(0, 3)
    .map(([name, value]) => `${name} ${clipped(String(value), 40)}`)
    .join(", ");
}

const clipped = (text: string, length = 160) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
