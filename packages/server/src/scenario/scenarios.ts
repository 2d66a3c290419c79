import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileContactRules } from "@rapport/engine/decision/index";
import type { ContactPolicy } from "@rapport/engine/contact/index";
import { learnUsagePrior } from "@rapport/engine/forecast/index";
import { type Model, modelOf, nothingForeseen } from "@rapport/engine/loop/index";
import {
  compilePack,
  dailyUsageOf,
  dayOf,
  outlookFacts,
  type Pack,
  type Priors,
  startOf,
} from "@rapport/engine/scenario/index";
import { parse } from "yaml";

import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import { activePacks, insertPack, loadPriors, sampleProfiles, savePrior } from "./store.ts";

const FOLDER = join(import.meta.dirname, "../../../../scenarios");
/** Histories learned from: more would sharpen nothing that matters, and learning takes milliseconds each. */
const MOST_LEARNED_FROM = 1_500;
/** Of a policy that is not installed any more. */
const SURGE_OF_UNKNOWN = 1_000;

export type Scenarios = {
  /** What is installed now, compiled: swapped whole, so that one batch is decided by one version. */
  model(): Model;
  packs(): readonly Pack[];
  priors(): Priors;
  contactPolicyOf(policy: string | null): ContactPolicy | null;
  /** From how many messages a day on a policy is paused when they are ten times as many as ever. */
  surgeFloorOf(policy: string): number;
  /** Installs a pack from its file and takes it into force. Throws with every fault named. */
  install(file: unknown): Promise<void>;
  /** Learns anew from the customers' own histories what forecasts should expect of everybody. */
  learn(): Promise<void>;
  reload(): Promise<void>;
};

export type Company = { zones: readonly string[]; locale: string };

/** The installed scenario packs and what was learned for them. */
export async function openScenarios(db: Database, clock: Clock, company: Company): Promise<Scenarios> {
  let packs: Pack[] = [];
  let priors: Priors = {};
  let model = compose();
  const ownRules = companyRules();

  async function reload(): Promise<void> {
    packs = (await activePacks(db)).flatMap(({ body }) => {
      const compiled = compilePack(body);
      return compiled.kind === "pack" ? [compiled.pack] : [];
    });
    priors = await loadPriors(db);
    model = compose();
  }

  function compose(): Model {
    const features = packs.flatMap((pack) => pack.features);
    const tariffs = packs.find((pack) => pack.file.tariffs)?.file.tariffs;
    const learned = priors;
    return modelOf({
      features,
      browserEvents: packs.flatMap((pack) => pack.browserEvents),
      timers: packs.flatMap((pack) => pack.timers),
      policies: packs.flatMap((pack) => pack.policies),
      outlook: tariffs ? (profile, now) => outlookFacts(profile, now, tariffs, learned) : nothingForeseen,
      zones: company.zones,
      locale: company.locale,
    });
  }

  const policyNamed = (name: string) => packs.flatMap((pack) => pack.policies).find((policy) => policy.name === name);

  await reload();
  return {
    model: () => model,
    packs: () => packs,
    priors: () => priors,
    contactPolicyOf: (name) => (name === null ? ownRules : (policyNamed(name)?.contact ?? ownRules)),
    surgeFloorOf: (name) => policyNamed(name)?.surge.atLeast ?? SURGE_OF_UNKNOWN,
    async install(file) {
      const compiled = compilePack(file);
      if (compiled.kind === "faults")
        throw new Error(
          `the pack cannot be installed:\n${compiled.faults.map(({ at, message }) => `  ${at}: ${message}`).join("\n")}`,
        );
      const { name, version } = compiled.pack.file;
      await insertPack(db, { name, version, body: compiled.pack.file, at: new Date(clock.now()) });
      await reload();
    },
    async learn() {
      const profiles = await sampleProfiles(db, MOST_LEARNED_FROM);
      const today = dayOf(clock.now());
      for (const feature of new Set(packs.flatMap((pack) => Object.values(pack.file.tariffs?.usage ?? {})))) {
        const histories = profiles
          .filter((profile) => profile.features[feature])
          .map((profile) => dailyUsageOf(profile.features[feature], startOf(profile), today - 1));
        await savePrior(db, feature, learnUsagePrior(histories), new Date(clock.now()));
      }
      await reload();
    },
    reload,
  };
}

/** A pack from the project's own folder. */
export function readPack(name: string): unknown {
  return parse(readFileSync(join(FOLDER, name, "pack.yaml"), "utf8"));
}

export const packNames = (): string[] =>
  readdirSync(FOLDER, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** What holds for messages that people write: 47 CFR 64.1200(c)(1) for marketing, consent by purpose. */
function companyRules(): ContactPolicy {
  return compileContactRules(
    {
      consent: {
        service: { default: "opt-out", source: "contract with the customer", since: "2026-01-01" },
        survey: { default: "opt-out", source: "legitimate interest", since: "2026-01-01" },
        marketing: {
          default: "opt-in",
          source: "47 CFR 64.1200; 38-FZ art. 18; GDPR art. 6(1)(a)",
          since: "2026-01-01",
        },
      },
      quietHours: [{ purposes: ["marketing", "survey"], from: "21:00", to: "08:00", source: "47 CFR 64.1200(c)(1)" }],
      caps: [{ name: "marketing-a-week", limit: 3, window: "7d", purposes: ["marketing"] }],
    },
    "contact",
    [],
  );
}
