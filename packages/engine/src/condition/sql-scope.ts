import type { Feature } from "../profile/profile.ts";
import type { Expression } from "./expression.ts";

/** What a condition becomes SQL with. */
export type SqlScope = {
  /** Makes a value a placeholder of a PostgreSQL type. */
  place(value: unknown, type: "text" | "float8" | "jsonb"): string;
  /** A name that no other part of the statement has. */
  alias(): string;
  features: ReadonlyMap<string, Feature>;
  now: number;
  /** Elements of the macros around, as jsonb. */
  bound: Readonly<Record<string, string>>;
  booleanToSql(expression: Expression, scope: SqlScope): string;
};

/** What cannot be asked of the database. Answered as a fault by `conditionToSql`. */
export class Unasked extends Error {
  readonly at: number;
  constructor(message: string, { start }: { start: number }) {
    super(message);
    this.at = start;
  }
}

export function refuse(message: string, at: { start: number }): Unasked {
  return new Unasked(message, at);
}
