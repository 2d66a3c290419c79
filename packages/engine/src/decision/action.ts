import type { Repliers } from "@rapport/contract/origin";

import type { Condition, NumberExpression } from "../condition/index.ts";
import type { ContactChannel, Purpose } from "../profile/profile.ts";

/** One thing a policy may do, compiled. */
export type Action = {
  name: string;
  /** By language. */
  title: Readonly<Record<string, string>>;
  purpose: Purpose;
  mustSend: boolean;
  forEachOption: boolean;
  eligible: Condition | null;
  success: NumberExpression;
  valueToCompany: NumberExpression;
  valueToCustomer: NumberExpression;
  weight: number;
  /** null: waiting costs nothing. */
  valueHalfLifeMs: number | null;
  /** Template names by channel. */
  templates: Readonly<Partial<Record<ContactChannel, string>>>;
  channels: readonly ContactChannel[];
  stepHints: Readonly<Record<string, unknown>>;
  /** Whose plain yes accepts what it offers. */
  acceptFrom: Readonly<Repliers>;
};
