import type { WhatIf } from "@rapport/contract/api";

/** What somebody supposes, as the inputs hold it: facts by path, and the fields of listed records by their name. */
export type Supposed = {
  facts: Readonly<Record<string, string | number | boolean>>;
  records: Readonly<Record<string, Readonly<Record<string, number>>>>;
  consent: { purpose: string; status: "granted" | "withdrawn" } | null;
  openComplaint: boolean | null;
};

export const AS_IT_WAS: Supposed = { facts: {}, records: {}, consent: null, openComplaint: null };

export type FactRecord = Readonly<Record<string, unknown>> & { name: string };

/** Lists of named records among the facts, such as the options that were priced. */
export function recordsIn(facts: Readonly<Record<string, unknown>>): [path: string, records: FactRecord[]][] {
  return Object.entries(facts).flatMap(([path, value]): [string, FactRecord[]][] =>
    Array.isArray(value) && value.length > 0 && value.every(isNamed) ? [[path, value]] : [],
  );
}

/** Single facts that can be supposed otherwise; moments are told and not changed. */
export function singleFacts(
  facts: Readonly<Record<string, unknown>>,
): [path: string, value: string | number | boolean][] {
  return Object.entries(facts).filter(
    (entry): entry is [string, string | number | boolean] =>
      ["string", "number", "boolean"].includes(typeof entry[1]) && !/(^|\.)at$|At$/.test(entry[0]),
  );
}

/** The question for the hub; empty when everything is as it was. A list is given whole, with its changed record in place. */
export function questionOf(
  facts: Readonly<Record<string, unknown>>,
  { facts: changed, records, consent, openComplaint }: Supposed,
): WhatIf {
  const lists = recordsIn(facts).flatMap(([path, list]) => {
    const isTouched = list.some(({ name }) => records[keyOf(path, name)]);
    return isTouched ? [[path, list.map((one) => ({ ...one, ...records[keyOf(path, one.name)] }))]] : [];
  });
  const asked = { ...changed, ...Object.fromEntries(lists) };
  return {
    ...(Object.keys(asked).length > 0 ? { facts: asked } : {}),
    ...(consent ? { consent: consentFor(consent) } : {}),
    ...(openComplaint === null ? {} : { openComplaint }),
  };
}

export const keyOf = (path: string, name: string): string => `${path}/${name}`;

function consentFor({ purpose, status }: NonNullable<Supposed["consent"]>): NonNullable<WhatIf["consent"]> {
  return Object.fromEntries(["*", "email", "sms"].map((channel) => [`${purpose}/${channel}`, status]));
}

const isNamed = (value: unknown): value is FactRecord =>
  typeof value === "object" && value !== null && "name" in value && typeof value.name === "string";
