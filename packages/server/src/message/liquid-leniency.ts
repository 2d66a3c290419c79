import {
  AssignTag,
  Context,
  type Emitter,
  evalToken,
  type Filter,
  ForTag,
  TablerowTag,
  type TagToken,
  type Template,
  type TopLevelToken,
  toValue,
  toValueSync,
  UndefinedVariableError,
  Value,
  type Liquid,
} from "liquidjs";

type Evaluation = Generator<unknown, unknown, unknown>;

/** Null, nothing, an empty list and a text without a visible character: what `default` stands in for. */
export function isMissing(given: unknown): boolean {
  const value: unknown = toValue(given);
  if (value === null || value === undefined) return true;
  return typeof value === "string" ? value.trim() === "" : Array.isArray(value) && value.length === 0;
}

/**
 * What a template is filled from. Filters that look into the items of a list (`where`, `find`, `has`, `group_by` …) take a
 * field that an item lacks for nothing, and so is what lies beyond the end of a list.
 */
export class TemplateContext extends Context {
  override spawn(scope: object = {}): Context {
    const { opts, sync, globals, ownPropertyOnly, memoryLimit, renderLimit, liquid } = this;
    const options = { sync, globals, ownPropertyOnly, strictVariables: false };
    return new TemplateContext(scope, opts, options, { memoryLimit, renderLimit, liquid });
  }
  override readProperty(...[of, key]: Parameters<Context["readProperty"]>): unknown {
    const value: unknown = super.readProperty(of, key);
    const isPlace = Array.isArray(of) && (typeof key === "number" || key === "first" || key === "last");
    return value === undefined && isPlace ? null : value;
  }
}

/** Lets every value of a parsed template be missing where a `default` stands anywhere behind it, also as its argument. */
export function allowDefaults(templates: readonly Template[]): void {
  for (const template of templates) {
    for (const given of template.arguments?.() ?? []) if (given instanceof Value) allowDefaultsOf(given);
    const inside = template.children?.(false, true);
    if (inside) allowDefaults(toValueSync(inside) as Template[]);
  }
}

function allowDefaultsOf(given: Value): void {
  if (!given.filters.some(isDefault)) return;
  const strictly = given.value.bind(given);
  given.value = function* (context: Context): Evaluation {
    let value: unknown = yield given.initial.evaluate(context, true);
    for (const filter of given.filters)
      value = yield isDefault(filter) ? defaulted(value, filter, context) : filter.render(value, context);
    // Nothing stood in: then a name that nobody knows is the fault it is elsewhere.
    return value === null || value === undefined ? yield strictly(context, false) : value;
  };
}

const isDefault = ({ name }: Filter): boolean => name === "default";

function* defaulted(value: unknown, filter: Filter, context: Context): Evaluation {
  let standIn: unknown;
  let allowsFalse = false;
  for (const argument of filter.args.toReversed()) {
    if (!Array.isArray(argument)) standIn = yield evalToken(argument, context, true);
    else if (argument[0] === "allow_false") allowsFalse = Boolean(yield evalToken(argument[1], context, true));
  }
  return isMissing(value) || (value === false && !allowsFalse) ? standIn : value;
}

/**
 * `assign` of an unknown name alone keeps it unknown: `default` and `if` may ask about it, and putting it out is a fault.
 * Liquid's own takes it for nothing, which would let a misspelt name through.
 */
export class StrictAssign extends AssignTag {
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
    context.bottom()[this.variable] = yield* this.valueIn(context);
  }
  private *valueIn(context: Context): Evaluation {
    try {
      // A filter that found nothing has answered: that is no unknown name.
      return (yield this.source.value(context, false)) ?? null;
    } catch (fault) {
      if (fault instanceof UndefinedVariableError && this.source.filters.length === 0) return undefined;
      throw fault;
    }
  }
}

/** `for` over an unknown name is over nothing: its `else` is put out, as Liquid says. */
export class LenientFor extends ForTag {
  override *render(context: Context, emitter: Emitter): ReturnType<ForTag["render"]> {
    if (yield* isNothing(this.collection, context))
      yield this.liquid.renderer.renderTemplates(this.elseTemplates, context, emitter);
    else yield* super.render(context, emitter);
  }
}

/** The same for `tablerow`, which then has no rows. */
export class LenientTablerow extends TablerowTag {
  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    if (!(yield* isNothing(this.collection, context))) yield* super.render(context, emitter);
  }
}

/** Filters that ask every item of a list by an expression: a field that an item lacks is nothing to them, as in `if`. */
export const ASKING_FILTERS = [
  "where_exp",
  "reject_exp",
  "find_exp",
  "find_index_exp",
  "has_exp",
  "group_by_exp",
] as const;

export type AskingFilter = (this: { context: Context }, ...given: unknown[]) => Evaluation;

/** The same filter, with names that may be unknown within it. */
export function lenientFilter(handler: AskingFilter): AskingFilter {
  return function* (...given) {
    const { strictVariables } = this.context;
    this.context.strictVariables = false;
    try {
      return yield* handler.apply(this, given);
    } finally {
      this.context.strictVariables = strictVariables;
    }
  };
}

type Collection = ForTag["collection"];

function* isNothing(collection: Collection, context: Context): Generator<unknown, boolean, unknown> {
  return isPropertyAccess(collection) && isMissing(yield evalToken(collection, context, true));
}
const isPropertyAccess = (token: Collection): boolean => "props" in token;
