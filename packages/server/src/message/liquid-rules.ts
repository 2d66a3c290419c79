import { type Context, filters, Liquid, type Template } from "liquidjs";

import { formattedNumber, NoNumber, type Setting } from "./liquid-numbers.ts";
import {
  type AskingFilter,
  ASKING_FILTERS,
  allowDefaults,
  lenientFilter,
  LenientFor,
  LenientTablerow,
  StrictAssign,
  TemplateContext,
} from "./liquid-leniency.ts";
import type { TemplateFault } from "./template.ts";

/** Tags that read other templates: a template is one text and sees nothing else. */
const BARRED_TAGS = ["include", "render", "layout", "block"];

/**
 * Liquid as templates may use it. Values are own properties only; an unknown variable or filter is a fault (in `if`, and with
 * a `default` behind it, it is allowed, see `liquid-leniency.ts`); no other file or template is in reach; length, time and
 * memory have limits. For HTML every value is escaped, `raw` or not: what customers wrote is never markup. Filled text is
 * never parsed again.
 */
export function openLiquid(output: "html" | "text" | "sms"): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    templates: {},
    parseLimit: 500_000,
    renderLimit: 200,
    memoryLimit: 2_000_000,
    timezoneOffset: 0,
    locale: "en",
    ...(output === "html" ? { outputEscape: "escape" as const } : {}),
  });
  for (const tag of BARRED_TAGS) Reflect.deleteProperty(liquid.tags, tag);
  liquid.registerTag("assign", StrictAssign);
  liquid.registerTag("for", LenientFor);
  liquid.registerTag("tablerow", LenientTablerow);
  for (const name of ASKING_FILTERS) liquid.registerFilter(name, lenientFilter(filters[name] as AskingFilter));
  liquid.registerFilter("raw", { raw: false, handler: (value: unknown) => value });
  const alphabet = output === "sms" ? "gsm7" : "any";
  liquid.registerFilter("number", function (value: unknown, digits: unknown = 0) {
    return formattedNumber(
      value,
      { maximumFractionDigits: Number(digits) },
      settingOf(this.context, "number", alphabet),
    );
  });
  liquid.registerFilter("money", function (value: unknown, currency: unknown = "USD") {
    return formattedNumber(
      value,
      { style: "currency", currency: String(currency) },
      settingOf(this.context, "money", alphabet),
    );
  });
  return liquid;
}

const settingOf = (context: Context, filter: string, alphabet: Setting["alphabet"]): Setting => ({
  locale: String(context.getSync(["locale"])),
  filter,
  alphabet,
});

/** Parses a text by these rules. Throws what `faultOf` understands. */
export function parsed(liquid: Liquid, source: string): Template[] {
  const templates = liquid.parse(source);
  allowDefaults(templates);
  return templates;
}

/** Fills what `parsed` answered. Throws what `faultOf` understands. */
export function filled(liquid: Liquid, templates: Template[], data: Readonly<Record<string, unknown>>): string {
  const context = new TemplateContext({ ...data }, liquid.options, { sync: true }, { liquid });
  return String(liquid.renderSync(templates, context));
}

/** What went wrong inside Liquid, as a fault; its own words name the line. */
export function faultOf(error: unknown): TemplateFault {
  const { name = "", message = String(error), originalError } = error as Error & { originalError?: Error };
  const said = `${name} ${originalError?.name ?? ""} ${message}`;
  if (originalError instanceof NoNumber) return { kind: "fault", code: "bad-value", message };
  if (/undefined variable/i.test(said)) return { kind: "fault", code: "unknown-variable", message };
  if (/limit exceeded|call stack|invalid string length/i.test(said)) {
    return { kind: "fault", code: "over-limit", message };
  }
  return { kind: "fault", code: "template-syntax", message };
}
