/** A row of a file with the number under which a person finds it: the line, from 1, on which it ends. */
export type Row<T> = { kind: "row"; number: number; value: T };
export type BadRow = { kind: "bad"; number: number; field: string; reason: string };

/** A row as it is sent: a Segment call or a CloudEvent, with its length in bytes as JSON. */
export type ImportRow = Row<Record<string, unknown>> & { format: "segment" | "cloudevent"; bytes: number };
