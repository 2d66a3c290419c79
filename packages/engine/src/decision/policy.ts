import type { Origin } from "@rapport/contract/origin";

import type { Condition } from "../condition/index.ts";
import type { ContactPolicy, ReachLearning, ReachTerms } from "../contact/index.ts";
import type { ContactChannel } from "../profile/profile.ts";
import type { Action } from "./action.ts";
import type { ActionIndex } from "./action-index.ts";

/** A policy compiled from its file: nothing in it is parsed or looked up by name any more. */
export type Policy = {
  name: string;
  version: string;
  /** By language. */
  title: Readonly<Record<string, string>>;
  /** Event names that call for a decision. */
  on: readonly string[];
  /** Whose events call for a decision. */
  from: readonly Origin[];
  when: Condition | null;
  /** The shortest time between two decisions for one customer; 0 for none. */
  againMs: number;
  currency: string;
  channels: ReadonlyMap<ContactChannel, { cost: number; annoyance: number; reach: ReachTerms }>;
  annoyance: { base: number; recent: number; halfLifeMs: number };
  reach: ReachLearning;
  maxDelayMs: number;
  /** Most must-send messages to one address. */
  mustSendCap: { limit: number; windowMs: number };
  /** Messages in twenty-four hours below which nobody is asked whether they are too many. */
  surge: { atLeast: number };
  contact: ContactPolicy;
  actions: readonly Action[];
  index: ActionIndex;
  /** Paths of all facts its expressions read, options and their fields aside. */
  reads: readonly (readonly string[])[];
  /** Some action is taken for each option. */
  readsOptions: boolean;
};

/** What is wrong with a policy file: `at` is the field as a path, such as `actions/3/eligible`. */
export type PolicyFault = { at: string; message: string };
