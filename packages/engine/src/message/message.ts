import type { ContactChannel, Purpose } from "../profile/profile.ts";
import type { Lane } from "./lane.ts";

/** A message to one customer. What becomes of it is in its status log, folded by `foldStatus`. */
export type Message = {
  /** Made from its cause, so that a repeated cause makes no second message: see `messageIdOf`. */
  id: string;
  customerId: string;
  decisionId: string | null;
  channel: ContactChannel;
  purpose: Purpose;
  lane: Lane;
  mustSend: boolean;
  /** The address: an e-mail address, a number in E.164, … */
  to: string;
  template: string;
  locale: string;
  /** What the template is filled with. */
  data: Readonly<Record<string, unknown>>;
  /** Hand it off no earlier, and not at all after `expiresAt`; epoch milliseconds. */
  sendAt: number;
  expiresAt: number | null;
};

/** The same cause, step and channel give the same id, whatever is repeated: it is the key given to the provider. */
export function messageIdOf({
  cause,
  step,
  channel,
}: {
  cause: string;
  step: string;
  channel: ContactChannel;
}): string {
  return [cause, step, channel].map(encodeURIComponent).join("/");
}

/** The lane of a message that a decision made. */
export function laneOf(purpose: Purpose, mustSend: boolean): Lane {
  if (purpose === "life-safety") return "emergency";
  return mustSend ? "transactional" : "journey";
}
