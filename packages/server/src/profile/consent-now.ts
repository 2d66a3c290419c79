import type { Customer } from "@rapport/contract/api";
import { type ConsentRule, consentTo, type ContactPolicy } from "@rapport/engine/contact/index";
import type { ContactChannel, Profile, Purpose } from "@rapport/engine/profile/index";

const PURPOSES: readonly Purpose[] = ["marketing", "service", "survey", "profiling"];
const CHANNELS: readonly ContactChannel[] = ["email", "sms", "voice", "push", "chat"];

/**
 * Whether each purpose may use each channel as it stands now. Where nothing was said the rule's default holds: the
 * strictest of the installed policies that have one for the purpose; a purpose without a rule needs a grant.
 */
export function consentNow(profile: Profile, rules: readonly ContactPolicy[]): Customer["consentNow"] {
  return PURPOSES.flatMap((purpose) => {
    const rule = strictest(rules.flatMap((one) => one.consent[purpose] ?? []));
    const policy = { consent: rule ? { [purpose]: rule } : {} };
    return CHANNELS.map((channel) => {
      const answer = consentTo(profile.consent, policy, purpose, channel);
      const by = answer.kind === "missing" ? null : answer.by;
      const said = by === null ? null : (saidIn(profile, purpose, channel, by) ?? null);
      return { purpose, channel, may: answer.kind === "granted", said, source: rule?.source ?? null };
    });
  });
}

const strictest = (rules: readonly ConsentRule[]): ConsentRule | undefined =>
  rules.find((rule) => rule.default === "opt-in") ?? rules[0];

/** The statement of that event which speaks of the purpose and the channel, the most particular first. */
const saidIn = ({ consent }: Profile, purpose: string, channel: string, by: string): string | undefined =>
  [`${purpose}/${channel}`, `${purpose}/*`, `*/${channel}`, "*/*"].find((key) => consent[key]?.by === by);
