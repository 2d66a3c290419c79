/**
 * What a record holds under a name that came from outside. What every object inherits (`toString`, `valueOf`) is nothing that the
 * record holds.
 */
export const ownOf = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
