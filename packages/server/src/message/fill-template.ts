import type { Liquid, Template as Parsed } from "liquidjs";

import { faultOf, filled as filledBy, openLiquid, parsed as parsedBy } from "./liquid-rules.ts";
import type { CompiledTemplate, Content, TemplateFault } from "./template.ts";

const KEPT_TEMPLATES = 500;

type Part = { liquid: Liquid; parsed: Parsed[] };
type Parts = { subject: Part | null; text: Part; html: Part | null };

/** Fills templates in this thread: each is parsed once and kept. For the threads of `render.ts` and `compile.ts` only. */
export function templateFiller() {
  const text = openLiquid("text");
  const sms = openLiquid("sms");
  const html = openLiquid("html");
  const kept = new Map<string, Parts>();

  const partsOf = (template: CompiledTemplate): Parts => {
    let parts = kept.get(template.id);
    if (!parts) {
      const email = template.kind === "email" ? template : null;
      const part = (liquid: Liquid, source: string): Part => ({ liquid, parsed: parsedBy(liquid, source) });
      parts = {
        subject: email ? part(text, email.subject) : null,
        text: part(email ? text : sms, template.text),
        html: email?.html ? part(html, email.html) : null,
      };
      const [oldest] = kept.keys();
      if (kept.size >= KEPT_TEMPLATES && oldest !== undefined) kept.delete(oldest);
      kept.set(template.id, parts);
    }
    return parts;
  };

  return {
    /** Parses without filling. */
    check(template: CompiledTemplate): TemplateFault | null {
      try {
        partsOf(template);
        return null;
      } catch (error) {
        return faultOf(error);
      }
    },
    fill(template: CompiledTemplate, data: Readonly<Record<string, unknown>>): Content | TemplateFault {
      try {
        const parts = partsOf(template);
        const filled = ({ liquid, parsed }: Part): string => filledBy(liquid, parsed, data);
        if (!parts.subject) return { kind: "sms", text: withPlainSpaces(filled(parts.text)) };
        // A line break in a subject would begin another header.
        const subject = filled(parts.subject).replace(/\s+/g, " ").trim();
        return { kind: "email", subject, text: filled(parts.text), html: parts.html ? filled(parts.html) : null };
      } catch (error) {
        return faultOf(error);
      }
    },
  };
}

/** Numbers and times come with spaces that GSM-7 lacks (3GPP TS 23.038): one of them would halve the room of an SMS. */
const withPlainSpaces = (text: string): string => text.replace(/[\u00a0\u2007\u2009\u202f]/g, " ");
