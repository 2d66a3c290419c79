import type { ContactPolicy } from "@rapport/engine/contact/index";

import type { Content, Gateway, Handoff } from "../channel/index.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/database.ts";
import type { Claimed } from "./store.ts";
import type { SurgeWatch } from "./surge/surge-watch.ts";

export type Rendered = { kind: "rendered"; content: Content } | { kind: "fault"; reason: string };

export type SenderParts = {
  db: Database;
  clock: Clock;
  owner: string;
  secret: string;
  gateway: Gateway;
  render: (message: Claimed) => Promise<Rendered>;
  /** The contact rules of a policy; the company's own for messages that people write. */
  contactPolicyOf: (policy: string | null) => ContactPolicy | null;
  zones: () => readonly string[];
  surge: Pick<SurgeWatch, "count" | "holds">;
  unsubscribeOf: (message: Claimed) => Handoff["unsubscribe"];
  /** A throw of the dice in [0, 1), for retries. */
  dice: () => number;
  wakeResolver: () => void;
  onFault: (where: string, fault: unknown) => void;
};
