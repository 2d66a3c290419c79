import type { ContactRules } from "@rapport/contract/policy-file";

import { durationMs } from "../condition/index.ts";
import type { ContactPolicy } from "../contact/index.ts";
import type { PolicyFault } from "./policy.ts";

const PURPOSES = ["marketing", "service", "survey", "profiling", "life-safety"];

/** The contact policy that a file's rules mean; what their shape alone could not tell is added to `faults`. */
export function compileContactRules(rules: ContactRules, at: string, faults: PolicyFault[]): ContactPolicy {
  for (const purpose of Object.keys(rules.consent ?? {})) {
    if (PURPOSES.includes(purpose)) continue;
    faults.push({
      at: `${at}/consent/${purpose}`,
      message: `there is no such purpose; there are ${PURPOSES.join(", ")}`,
    });
  }
  return {
    consent: rules.consent ?? {},
    caps: (rules.caps ?? []).map((cap) => ({ name: cap.name, ...capOf(cap) })),
    quietHours: (rules.quietHours ?? []).map(({ purposes, channels, from, to, source }) => ({
      purposes,
      channels: channels ?? null,
      fromMs: timeMs(from),
      toMs: timeMs(to),
      source: source ?? "",
    })),
    hush: rules.hush ?? ["marketing"],
    household: rules.household ? capOf(rules.household) : null,
    horizonMs: durationMs(rules.horizon ?? "7d") ?? 0,
  };
}

function capOf({ limit, window, channels, purposes }: NonNullable<ContactRules["household"]>) {
  return { limit, windowMs: durationMs(window) ?? 0, channels: channels ?? null, purposes: purposes ?? null };
}

function timeMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 3_600_000 + minutes * 60_000;
}
