import { answersOf, type Expression, isJoin } from "./expression.ts";
import { featureToSql } from "./feature-to-sql.ts";
import { refuse, type SqlScope } from "./sql-scope.ts";
import { PRODUCT_LIMIT, SUM_LIMIT } from "./value.ts";

/** Any value as jsonb; SQL null for what is unknown, JSON null included. */
export function jsonToSql(expression: Expression, scope: SqlScope): string {
  switch (expression.kind) {
    case "path":
      return factToSql(expression, scope);
    case "bound":
      return fieldsOf(scope.bound[expression.variable] ?? "null::jsonb", expression.path, expression, scope);
    case "element":
      return elementToSql(expression, scope);
    case "list": {
      if (expression.items.length === 0) return "'[]'::jsonb";
      return `jsonb_build_array(${expression.items.map((item) => jsonToSql(item, scope)).join(", ")})`;
    }
    case "if": {
      const condition = scope.booleanToSql(expression.condition, scope);
      const [then, otherwise] = [jsonToSql(expression.then, scope), jsonToSql(expression.otherwise, scope)];
      return `(case ${condition} when true then ${then} when false then ${otherwise} end)`;
    }
    default:
  }
  switch (answersOf(expression)) {
    case "number":
      return `to_jsonb(${numberToSql(expression, scope)})`;
    case "string":
      return `to_jsonb(${textToSql(expression, scope)})`;
    case "boolean":
      return `to_jsonb(${scope.booleanToSql(expression, scope)})`;
    default:
      return "null::jsonb";
  }
}

/** A number as float8, null for anything else. */
export function numberToSql(expression: Expression, scope: SqlScope): string {
  switch (expression.kind) {
    case "literal":
      return scope.place(expression.value, "float8");
    case "arithmetic":
      return arithmeticToSql(expression, scope);
    case "call":
      return functionToSql(expression, scope);
    case "if": {
      const condition = scope.booleanToSql(expression.condition, scope);
      const [then, otherwise] = [numberToSql(expression.then, scope), numberToSql(expression.otherwise, scope)];
      return `(case ${condition} when true then ${then} when false then ${otherwise} end)`;
    }
    default: {
      const x = scope.alias();
      return `(select case when jsonb_typeof(${x}.v) = 'number' then ${x}.v::float8 end
        from (select ${jsonToSql(expression, scope)} as v) ${x})`;
    }
  }
}

/** A text, null for anything else. */
export function textToSql(expression: Expression, scope: SqlScope): string {
  switch (expression.kind) {
    case "literal":
      return scope.place(textOf(String(expression.value), expression), "text");
    case "arithmetic":
      return `(${textToSql(expression.left, scope)} || ${textToSql(expression.right, scope)})`;
    case "call": {
      const [of] = expression.of;
      if (!of) throw refuse(`${expression.name} needs a text`, expression);
      const [upper, lower] = ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"];
      const letters = expression.name === "lowerAscii" ? `'${upper}', '${lower}'` : `'${lower}', '${upper}'`;
      return `translate(${textToSql(of, scope)}, ${letters})`;
    }
    case "if": {
      const condition = scope.booleanToSql(expression.condition, scope);
      const [then, otherwise] = [textToSql(expression.then, scope), textToSql(expression.otherwise, scope)];
      return `(case ${condition} when true then ${then} when false then ${otherwise} end)`;
    }
    default: {
      const x = scope.alias();
      return `(select case when jsonb_typeof(${x}.v) = 'string' then ${x}.v #>> '{}' end
        from (select ${jsonToSql(expression, scope)} as v) ${x})`;
    }
  }
}

function factToSql(expression: Expression & { kind: "path" }, scope: SqlScope): string {
  const [root, name, ...more] = expression.path;
  if (root === "now" && name === undefined) return `to_jsonb(${scope.place(scope.now, "float8")})`;
  if (name === undefined) throw refuse(`"${root}" as a whole cannot be asked of the database`, expression);
  const key = () => scope.place(textOf(name, expression), "text");
  switch (root) {
    case "customer": {
      const stored = { id: "customerId", firstSeenAt: "firstSeenAt", lastSeenAt: "lastSeenAt" }[name];
      return stored ? fieldsOf("c.state", [stored, ...more], expression, scope) : "null::jsonb";
    }
    case "traits":
    case "claimed":
      return fieldsOf(`(c.state -> '${root}' -> ${key()} -> 'value')`, more, expression, scope);
    case "consent":
      return fieldsOf(`(c.state -> 'consent' -> ${key()} -> 'value' -> 'status')`, more, expression, scope);
    case "features": {
      const feature = scope.features.get(name);
      if (!feature) throw refuse(`there is no feature "${name}"`, expression);
      return fieldsOf(featureToSql(feature, scope), more, expression, scope);
    }
    default:
      throw refuse(`"${root}" exists only while a decision is made: it cannot be asked of the database`, expression);
  }
}

function fieldsOf(json: string, path: readonly string[], at: Expression, scope: SqlScope): string {
  const steps = path.map((name) => ` -> ${scope.place(textOf(name, at), "text")}`);
  return `nullif(${json}${steps.join("")}, 'null'::jsonb)`;
}

function elementToSql(expression: Expression & { kind: "element" }, scope: SqlScope): string {
  const { of, at } = expression;
  const whole = jsonToSql(of, scope);
  const x = scope.alias();
  switch (answersOf(at)) {
    case "string":
      return `nullif(${whole} -> ${textToSql(at, scope)}, 'null'::jsonb)`;
    case "number":
      // PostgreSQL counts negative positions from the end and takes a scalar for a list of one; here there is nothing.
      return `(select case when jsonb_typeof(${x}.v) = 'array' and ${x}.n >= 0 and ${x}.n < 1e9 and ${x}.n = floor(${x}.n)
        then nullif(${x}.v -> ${x}.n::int, 'null'::jsonb) end
        from (select ${whole} as v, ${numberToSql(at, scope)} as n) ${x})`;
    default:
      throw refuse("an element asked of the database needs a key that is a text or a number by its form", at);
  }
}

function arithmeticToSql(expression: Expression & { kind: "arithmetic" }, scope: SqlScope): string {
  const { operator, left, right } = expression;
  if (isJoin(expression)) throw refuse("this is a text where a number is needed", expression);
  if (operator === "%") throw refuse("% cannot be asked of the database", expression);
  const x = scope.alias();
  const multipliable = (side: string) =>
    `(${side} = 0 or abs(${side}) between ${1 / PRODUCT_LIMIT} and ${PRODUCT_LIMIT})`;
  const summable = (side: string) => `abs(${side}) <= ${SUM_LIMIT}`;
  const within = operator === "+" || operator === "-" ? summable : multipliable;
  const divisible = operator === "/" ? ` and ${x}.b <> 0` : "";
  return `(select case when ${within(`${x}.a`)} and ${within(`${x}.b`)}${divisible}
    then ${x}.a ${operator} ${x}.b end
    from (select ${numberToSql(left, scope)} as a, ${numberToSql(right, scope)} as b) ${x})`;
}

function functionToSql({ name, of, ...at }: Expression & { kind: "call" }, scope: SqlScope): string {
  const [first] = of;
  if (!first) throw refuse(`${name} needs a value`, at);
  const x = scope.alias();
  switch (name) {
    case "size":
      return `(select case jsonb_typeof(${x}.v) when 'string' then char_length(${x}.v #>> '{}')::float8
        when 'array' then jsonb_array_length(${x}.v)::float8 end from (select ${jsonToSql(first, scope)} as v) ${x})`;
    case "min":
    case "max": {
      const all = `array[${of.map((part) => numberToSql(part, scope)).join(", ")}]`;
      const best = name === "min" ? "min" : "max";
      return `(select case when count(u.v) = count(*) then ${best}(u.v) end from unnest(${all}) as u(v))`;
    }
    case "abs":
    case "floor":
    case "ceil":
      return `${name}(${numberToSql(first, scope)})`;
    case "round":
      return `(select sign(${x}.v) * (floor(abs(${x}.v)) + case when abs(${x}.v) - floor(abs(${x}.v)) >= 0.5 then 1 else 0 end)
        from (select ${numberToSql(first, scope)} as v) ${x})`;
    default:
      throw refuse(`${name} is not a number`, at);
  }
}

/** The database keeps neither NUL nor half a surrogate pair, so nothing there can equal a text with one. */
function textOf(text: string, at: { start: number }): string {
  if (text.includes("\0") || !text.isWellFormed()) throw refuse("the database keeps no such characters", at);
  return text;
}
