import { AssignTag, type Context, Liquid, Value, type TagToken, type TopLevelToken } from "liquidjs";

import type { TemplateFault } from "./template.ts";

/** Tags that read other templates: a template is one text and sees nothing else. */
const BARRED_TAGS = ["include", "render", "layout", "block"];

/**
 * Liquid as templates may use it. Values are own properties only; an unknown variable or filter is a fault (in `if` and
 * before `default` it is allowed); no other file or template is in reach; length, time and memory have limits. For HTML
 * every value is escaped, `raw` or not: what customers wrote is never markup. Filled text is never parsed again.
 */
export function openLiquid(output: "html" | "text"): Liquid {
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
  liquid.registerFilter("raw", { raw: false, handler: (value: unknown) => value });
  liquid.registerFilter("number", function (value: unknown, digits = 0) {
    return formatted(this.context.getSync(["locale"]), value, { maximumFractionDigits: digits });
  });
  liquid.registerFilter("money", function (value: unknown, currency = "USD") {
    return formatted(this.context.getSync(["locale"]), value, { style: "currency", currency });
  });
  return liquid;
}

/** `assign` of Liquid takes an unknown variable for nothing, which would let a misspelt name through. */
class StrictAssign extends AssignTag {
  private readonly variable: string;
  private readonly source: Value;
  constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid) {
    super(token, rest, liquid);
    const [given] = this.arguments();
    const [name] = this.localScope();
    if (!(given instanceof Value) || !name) throw new Error("an assign has a name and a value");
    this.variable = name.content;
    this.source = given;
  }
  override *render(context: Context): Generator<unknown, void, unknown> {
    context.bottom()[this.variable] = yield this.source.value(context, false);
  }
}

const formats = new Map<string, Intl.NumberFormat>();

/** `1234.5` in the customer's locale: `{{ price | money: "EUR" }}`, `{{ gb | number: 1 }}`. */
function formatted(locale: unknown, value: unknown, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify([locale, options]);
  let format = formats.get(key);
  if (!format) {
    // Templates choose among a handful; a template that makes up formats must not fill the memory.
    if (formats.size >= 200) formats.clear();
    format = new Intl.NumberFormat(String(locale), options);
    formats.set(key, format);
  }
  return format.format(Number(value));
}

/** What went wrong inside Liquid, as a fault; its own words name the line. */
export function faultOf(error: unknown): TemplateFault {
  const { name = "", message = String(error), originalError } = error as Error & { originalError?: Error };
  const said = `${name} ${originalError?.name ?? ""} ${message}`;
  if (/undefined variable/i.test(said)) return { kind: "fault", code: "unknown-variable", message };
  if (/limit exceeded|call stack|invalid string length/i.test(said)) {
    return { kind: "fault", code: "over-limit", message };
  }
  return { kind: "fault", code: "template-syntax", message };
}
