import { bucketMs, type Feature } from "../profile/profile.ts";
import type { SqlScope } from "./sql-scope.ts";

/** The answer of a feature at the scope's `now` as jsonb: the same as `answerFeature` gives in memory. */
export function featureToSql(feature: Feature, scope: SqlScope): string {
  const state = () => `(c.state -> 'features' -> ${scope.place(feature.name, "text")})`;
  const since = scope.place(scope.now - feature.windowMs, "float8");
  const now = () => scope.place(scope.now, "float8");
  switch (feature.kind) {
    case "count":
    case "sum":
    case "daily": {
      const width = scope.place(bucketMs(feature), "float8");
      return `(select to_jsonb(coalesce(round(sum(e.value::numeric), 6), 0)::float8)
        from jsonb_each(${entriesOf(`${state()} -> 'sum'`)}) e
        where (e.key::float8 + 1) * ${width} > ${since} and e.key::float8 * ${width} <= ${now()})`;
    }
    case "last": {
      const last = `${state()} -> 'last'`;
      return `(case when (${last} ->> 'at')::float8 > ${since} then ${state()} -> 'last' -> 'value' end)`;
    }
    case "distinct":
      return `(select to_jsonb(count(*)::float8) from jsonb_each(${entriesOf(`${state()} -> 'lastSeenAt'`)}) e
        where e.value::float8 > ${since} and e.value::float8 <= ${now()})`;
  }
}

/** A customer without the feature has none of its entries. */
function entriesOf(json: string): string {
  return `coalesce(${json}, '{}'::jsonb)`;
}
