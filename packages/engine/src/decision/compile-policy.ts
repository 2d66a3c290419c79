import { PolicyFile, type PolicyFileAction } from "@rapport/contract/policy-file";
import { PROVEN } from "@rapport/contract/origin";
import { Value } from "typebox/value";

import {
  compileCondition,
  compileNumber,
  type Condition,
  durationMs,
  type NumberExpression,
} from "../condition/index.ts";
import type { ContactChannel } from "../profile/profile.ts";
import { reachTerms } from "../contact/index.ts";
import type { Action } from "./action.ts";
import { indexActions } from "./action-index.ts";
import { compileContactRules } from "./compile-contact-rules.ts";
import type { Policy, PolicyFault } from "./policy.ts";

const DAY_MS = 86_400_000;

/** Compiles a policy, or tells all that is wrong with its file at once, field by field. */
export function compilePolicy(
  file: unknown,
): { kind: "policy"; policy: Policy } | { kind: "faults"; faults: PolicyFault[] } {
  if (!Value.Check(PolicyFile, file)) return { kind: "faults", faults: faultsOfShape(file) };

  const faults: PolicyFault[] = [];
  const when = file.when === undefined ? null : conditionAt("when", file.when, faults);
  const actions = file.actions.map((action, index) => compileAction(action, `actions/${index}`, file, faults));
  const names = new Set<string>();
  for (const [index, { name }] of actions.entries()) {
    if (names.has(name)) faults.push({ at: `actions/${index}/name`, message: `there is another action "${name}"` });
    names.add(name);
  }
  const contact = compileContactRules(file.contact, "contact", faults);
  if (faults.length > 0) return { kind: "faults", faults };

  const reads = readsOf(when, actions);
  const policy: Policy = {
    name: file.name,
    version: file.version,
    title: titleOf(file.title ?? file.name),
    on: file.on,
    from: file.from ?? PROVEN,
    when,
    againMs: file.again === undefined ? 0 : (durationMs(file.again) ?? 0),
    currency: file.currency,
    channels: new Map(
      Object.entries(file.channels).map(([channel, { cost, annoyance = 1, reach }]) => [
        channel as ContactChannel,
        { cost, annoyance, reach: reachTerms(reach?.population ?? POPULATION, reach?.proof ?? "seen") },
      ]),
    ),
    annoyance: {
      base: file.annoyance?.base ?? 0,
      recent: file.annoyance?.recent ?? 0,
      halfLifeMs: durationMs(file.annoyance?.halfLife ?? "7d") ?? 7 * DAY_MS,
    },
    reach: {
      strength: file.reach?.strength ?? 4,
      silence: file.reach?.silence ?? 0.25,
      patienceMs: durationMs(file.reach?.patience ?? "24h") ?? DAY_MS,
    },
    maxDelayMs: durationMs(file.maxDelay ?? "24h") ?? DAY_MS,
    mustSendCap: {
      limit: file.mustSendCap?.limit ?? 60,
      windowMs: durationMs(file.mustSendCap?.window ?? "24h") ?? DAY_MS,
    },
    surge: { atLeast: file.surge?.atLeast ?? 1_000 },
    contact,
    actions,
    index: indexActions(actions),
    reads,
    readsOptions: actions.some((action) => action.forEachOption),
  };
  return { kind: "policy", policy };
}

const titleOf = (file: PolicyFileAction["title"]): Record<string, string> =>
  typeof file === "string" ? { en: file } : file;

/** What is expected of everybody where a policy does not say: rather reached than not. */
const POPULATION = 0.7;

function faultsOfShape(file: unknown): PolicyFault[] {
  return Value.Errors(PolicyFile, file)
    .filter(({ keyword }) => keyword !== "boolean" && keyword !== "anyOf")
    .map(({ instancePath, message, keyword, params }) => {
      const names = keyword === "additionalProperties" ? `: ${Object.values(params).flat().join(", ")}` : "";
      return { at: instancePath.slice(1), message: `${message}${names}` };
    });
}

function compileAction(action: PolicyFileAction, at: string, file: PolicyFile, faults: PolicyFault[]): Action {
  const channels = Object.keys(action.templates) as ContactChannel[];
  if (channels.length === 0)
    faults.push({ at: `${at}/templates`, message: "names no template, so it can never be sent" });
  for (const channel of channels) {
    if (!file.channels[channel]) {
      faults.push({ at: `${at}/templates/${channel}`, message: `the policy's channels do not name ${channel}` });
    }
  }
  const eligible = action.eligible === undefined ? null : conditionAt(`${at}/eligible`, action.eligible, faults);
  const compiled = {
    eligible,
    success: numberAt(`${at}/success`, action.success, faults),
    valueToCompany: numberAt(`${at}/valueToCompany`, action.valueToCompany, faults),
    valueToCustomer: numberAt(`${at}/valueToCustomer`, action.valueToCustomer, faults),
  };
  if (!action.forEach) {
    for (const [field, part] of Object.entries(compiled)) {
      if (part?.reads.some(([root]) => root === "item")) {
        faults.push({ at: `${at}/${field}`, message: `reads "item", which only an action with forEach has` });
      }
    }
  }
  return {
    name: action.name,
    title: titleOf(action.title),
    purpose: action.purpose,
    mustSend: action.class === "must-send",
    forEachOption: action.forEach === "options",
    ...compiled,
    weight: action.weight ?? 1,
    valueHalfLifeMs: action.valueHalfLife === undefined ? null : durationMs(action.valueHalfLife),
    templates: action.templates,
    channels,
    stepHints: action.stepHints ?? {},
    acceptFrom: action.acceptFrom ?? ["person"],
  };
}

function conditionAt(at: string, source: string, faults: PolicyFault[]): Condition | null {
  const compiled = compileCondition(source);
  if (compiled.kind === "condition") return compiled.condition;
  faults.push({ at, message: compiled.message });
  return null;
}

const NOTHING = compileNumber("0");

function numberAt(at: string, source: string | number, faults: PolicyFault[]): NumberExpression {
  const compiled = compileNumber(typeof source === "number" ? source.toString() : source);
  if (compiled.kind === "number") return compiled.number;
  faults.push({ at, message: compiled.message });
  if (NOTHING.kind === "fault") throw new Error("zero is a number");
  return NOTHING.number;
}

/** Options are kept whole and an item is one of them, so neither is listed. */
function readsOf(when: Condition | null, actions: readonly Action[]): Policy["reads"] {
  const paths = new Map<string, readonly string[]>();
  const parts = actions.flatMap((action) => [
    action.eligible,
    action.success,
    action.valueToCompany,
    action.valueToCustomer,
  ]);
  for (const part of [when, ...parts]) {
    for (const path of part?.reads ?? []) {
      if (path[0] !== "item" && path[0] !== "options" && path[0] !== "now") paths.set(path.join("\0"), path);
    }
  }
  return [...paths.values()];
}
