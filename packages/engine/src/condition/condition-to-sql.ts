import type { Feature } from "../profile/profile.ts";
import type { Condition } from "./condition.ts";
import { answersOf, type Expression, type Fault } from "./expression.ts";
import { refuse, type SqlScope, Unasked } from "./sql-scope.ts";
import { jsonToSql, numberToSql, textToSql } from "./value-to-sql.ts";

export type SqlCondition = { text: string; values: unknown[] };

/**
 * A condition over one customer as a PostgreSQL expression over `customer c` with the profile in `c.state` (jsonb). It is
 * true, false or null exactly as the condition is true, false or unknown in memory (`value.ts`). Whatever was written in
 * the condition, field names included, is a value for a placeholder from `$firstParameter` on, never part of the text.
 *
 * Supported: `customer.id|firstSeenAt|lastSeenAt`, `traits`, `claimed`, `consent`, `features`, `now` and all operators, functions
 * and macros but `%`. `event`, `forecast`, `options` and `item` exist only while a decision is made: a fault, as are a
 * feature nobody computes, a variable as a whole, and an element whose key may be a text or a number.
 */
export function conditionToSql(
  condition: Condition,
  { features, now, firstParameter }: { features: readonly Feature[]; now: number; firstParameter: number },
): SqlCondition | Fault {
  const values: unknown[] = [];
  let aliases = 0;
  const scope: SqlScope = {
    place(value, type) {
      values.push(value);
      return `$${firstParameter + values.length - 1}::${type}`;
    },
    alias: () => `x${++aliases}`,
    features: new Map(features.map((feature) => [feature.name, feature])),
    now,
    bound: {},
    booleanToSql,
  };
  try {
    return { text: booleanToSql(condition.expression, scope), values };
  } catch (error) {
    if (error instanceof Unasked) return { kind: "fault", message: error.message, at: error.at };
    throw error;
  }
}

function booleanToSql(expression: Expression, scope: SqlScope): string {
  const inner = (part: Expression) => booleanToSql(part, scope);
  switch (expression.kind) {
    case "literal":
      return typeof expression.value === "boolean" ? String(expression.value) : "null::boolean";
    case "path":
    case "bound":
    case "element": {
      const x = scope.alias();
      return `(select case when jsonb_typeof(${x}.v) = 'boolean' then ${x}.v::boolean end
        from (select ${jsonToSql(expression, scope)} as v) ${x})`;
    }
    case "not":
      return `(not ${inner(expression.of)})`;
    case "and":
    case "or":
      return `(${inner(expression.left)} ${expression.kind} ${inner(expression.right)})`;
    case "compare":
      return comparisonToSql(expression, scope);
    case "in":
      return membershipToSql(expression.left, expression.right, scope);
    case "known":
      return `(${jsonToSql(expression.of, scope)} is not null)`;
    case "if": {
      const [condition, then, otherwise] = [expression.condition, expression.then, expression.otherwise].map(inner);
      return `(case ${condition} when true then ${then} when false then ${otherwise} end)`;
    }
    case "call":
      return testToSql(expression, scope);
    case "quantifier":
      return quantifierToSql(expression, scope);
    case "list":
    case "arithmetic":
      throw refuse("this is not true or false", expression);
  }
}

function comparisonToSql(expression: Expression & { kind: "compare" }, scope: SqlScope): string {
  const { left, right } = expression;
  const operator = expression.operator === "==" ? "=" : expression.operator === "!=" ? "<>" : expression.operator;
  const kinds = [answersOf(left), answersOf(right)];
  const ordered = operator !== "=" && operator !== "<>";
  if (kinds.includes("number") && (ordered || kinds[0] === kinds[1])) {
    return `(${numberToSql(left, scope)} ${operator} ${numberToSql(right, scope)})`;
  }
  if (kinds.includes("string") && (ordered || kinds[0] === kinds[1])) {
    return `(${textToSql(left, scope)} ${operator} ${textToSql(right, scope)} collate "C")`;
  }
  const [a, b] = [jsonToSql(left, scope), jsonToSql(right, scope)];
  if (!ordered) return `(${a} ${operator} ${b})`;
  const x = scope.alias();
  return `(select case
    when jsonb_typeof(${x}.a) = 'number' and jsonb_typeof(${x}.b) = 'number'
      then ${x}.a::float8 ${operator} ${x}.b::float8
    when jsonb_typeof(${x}.a) = 'string' and jsonb_typeof(${x}.b) = 'string'
      then (${x}.a #>> '{}') ${operator} (${x}.b #>> '{}') collate "C"
    end from (select ${a} as a, ${b} as b) ${x})`;
}

function membershipToSql(left: Expression, right: Expression, scope: SqlScope): string {
  const x = scope.alias();
  return `(select case when ${x}.v is not null and jsonb_typeof(${x}.l) = 'array'
    then exists (select 1 from jsonb_array_elements(${elementsOf(`${x}.l`)}) as e(v) where e.v = ${x}.v)
    end from (select ${jsonToSql(left, scope)} as v, ${jsonToSql(right, scope)} as l) ${x})`;
}

function testToSql({ name, of, ...at }: Expression & { kind: "call" }, scope: SqlScope): string {
  const [whole, part] = of;
  if (!whole || !part) throw refuse(`${name} is not true or false`, at);
  const [a, b] = [textToSql(whole, scope), textToSql(part, scope)];
  switch (name) {
    case "startsWith":
      return `starts_with(${a}, ${b})`;
    case "contains":
      return `(strpos(${a}, ${b}) > 0)`;
    case "endsWith": {
      const x = scope.alias();
      return `(select right(${x}.a, char_length(${x}.b)) = ${x}.b from (select ${a} as a, ${b} as b) ${x})`;
    }
    default:
      throw refuse(`${name} is not true or false`, at);
  }
}

/** True or false as soon as one element decides it; otherwise unknown if the test is unknown for any. */
function quantifierToSql(expression: Expression & { kind: "quantifier" }, scope: SqlScope): string {
  const { name, over, variable, body } = expression;
  const [x, e] = [scope.alias(), scope.alias()];
  const inside = { ...scope, bound: { ...scope.bound, [variable]: `nullif(${e}.v, 'null'::jsonb)` } };
  const decisive = name === "exists";
  return `(select case when jsonb_typeof(${x}.l) = 'array' then (
    select case when count(*) filter (where b.v = ${decisive}) > 0 then ${decisive}
                when count(*) filter (where b.v is null) > 0 then null
                else ${!decisive} end
      from (select ${booleanToSql(body, inside)} as v from jsonb_array_elements(${elementsOf(`${x}.l`)}) as ${e}(v)) b
    ) end from (select ${jsonToSql(over, scope)} as l) ${x})`;
}

/** `jsonb_array_elements` fails on what is no array, even where a `case` around it would not ask. */
function elementsOf(list: string): string {
  return `case when jsonb_typeof(${list}) = 'array' then ${list} else '[]' end`;
}
