import { PROOF_NAMES } from "./user-proof.ts";

type Fields = Record<string, unknown>;
/** Where a call, an event or a CloudEvent may hold a proof. */
const PARTS = ["context", "traits", "properties", "data"] as const;

/**
 * The same without the proof of a visitor that it may hold: what proves would prove again. RudderStack repeats an identify's
 * traits in the context of every later call. What is no object is answered as it is.
 */
export function withoutProof<T>(said: T): T {
  if (!isFields(said) || !holdsProof(said)) return said;
  const cleaned: Fields = { ...said };
  for (const part of PARTS) {
    const fields = cleaned[part];
    if (isFields(fields)) cleaned[part] = withoutNames(fields);
  }
  const { context } = cleaned;
  if (isFields(context) && isFields(context.traits))
    cleaned.context = { ...context, traits: withoutNames(context.traits) };
  return cleaned as T;
}

const SECRETS = new RegExp(`("(?:writeKey|${PROOF_NAMES.join("|")})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, "g");

/** The same of a text that nobody can read as JSON; without write keys, too. */
export const withoutSecrets = (text: string): string => text.replace(SECRETS, '$1"…"');

/** Most calls hold none, and are answered without being copied. */
function holdsProof(said: Fields): boolean {
  const { context } = said;
  const parts = [...PARTS.map((part) => said[part]), isFields(context) ? context.traits : undefined];
  return parts.some((part) => isFields(part) && PROOF_NAMES.some((name) => name in part));
}

function withoutNames(fields: Fields): Fields {
  if (!PROOF_NAMES.some((name) => name in fields)) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !PROOF_NAMES.includes(name)));
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
