import { PackFile } from "@rapport/contract/pack-file";
import { type Origin, PROVEN } from "@rapport/contract/origin";
import { Value } from "typebox/value";

import { durationMs } from "../condition/index.ts";
import { compilePolicy, type Policy } from "../decision/index.ts";
import { type BrowserEvent, browserEventOf, type Timer } from "../loop/index.ts";
import type { Feature } from "../profile/index.ts";

export type PackFault = { at: string; message: string };

export type Pack = {
  file: PackFile;
  features: Feature[];
  timers: Timer[];
  browserEvents: BrowserEvent[];
  policies: Policy[];
};

/** Compiles a scenario pack, or tells all that is wrong with it at once, field by field. */
export function compilePack(file: unknown): { kind: "pack"; pack: Pack } | { kind: "faults"; faults: PackFault[] } {
  if (!Value.Check(PackFile, file)) {
    const faults = Value.Errors(PackFile, file).map(({ instancePath, message }) => ({
      at: instancePath.slice(1),
      message,
    }));
    return { kind: "faults", faults: faults.slice(0, 50) };
  }
  const faults: PackFault[] = [];
  const policies = file.policies.flatMap((policy, index) => {
    const compiled = compilePolicy(policy);
    if (compiled.kind === "policy") return [compiled.policy];
    faults.push(...compiled.faults.map(({ at, message }) => ({ at: `policies/${index}/${at}`, message })));
    return [];
  });
  faults.push(...missingMessages(file), ...missingFeatures(file), ...notOpened(file));
  if (faults.length > 0) return { kind: "faults", faults };
  return {
    kind: "pack",
    pack: {
      file,
      policies,
      features: file.features.map(featureOf),
      timers: (file.timers ?? []).map(timerOf),
      browserEvents: (file.browserEvents ?? []).map(browserEventOf),
    },
  };
}

function featureOf({ name, kind, events, from, property, window }: PackFile["features"][number]): Feature {
  return { name, kind, events, from: from ?? PROVEN, property: property ?? null, windowMs: durationMs(window) ?? 0 };
}

function timerOf({ name, on, from, after, until }: NonNullable<PackFile["timers"]>[number]): Timer {
  return { name, on, until: until ?? [], from: from ?? PROVEN, afterMs: durationMs(after) ?? 0 };
}

/** What a policy or a timer hears from browsers must be opened to them, so that it has its caps. A timer's own name needs none. */
function notOpened(file: PackFile): PackFault[] {
  const opened = new Set((file.browserEvents ?? []).map((one) => one.event));
  const timers = new Set((file.timers ?? []).map((timer) => timer.name));
  const faultsIn = (kind: string, rules: { on: string[]; from?: Origin[] }[]): PackFault[] =>
    rules.flatMap(({ on, from = [] }, index) =>
      on.flatMap((name) =>
        from.includes("browser") && !opened.has(name) && !timers.has(name)
          ? [{ at: `${kind}/${index}/from`, message: `browserEvents do not open "${name}" to browsers` }]
          : [],
      ),
    );
  return [...faultsIn("policies", file.policies), ...faultsIn("timers", file.timers ?? [])];
}

/** Every action's template must be there, in the language of last resort at least. */
function missingMessages(file: PackFile): PackFault[] {
  return file.policies.flatMap((policy, p) =>
    policy.actions.flatMap((action, a) =>
      Object.entries(action.templates).flatMap(([channel, name]) => {
        const words = file.messages[name]?.[channel as "sms" | "email"];
        const at = `policies/${p}/actions/${a}/templates/${channel}`;
        return words?.en ? [] : [{ at, message: `messages name no "${name}" for ${channel} in en` }];
      }),
    ),
  );
}

function missingFeatures(file: PackFile): PackFault[] {
  const daily = new Set(file.features.filter((feature) => feature.kind === "daily").map((feature) => feature.name));
  return Object.entries(file.tariffs?.usage ?? {}).flatMap(([kind, name]) =>
    daily.has(name) ? [] : [{ at: `tariffs/usage/${kind}`, message: `there is no daily feature "${name}"` }],
  );
}
