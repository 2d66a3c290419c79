export { compileCondition, compileNumber, type Condition, type NumberExpression } from "./condition.ts";
export { compileExpression } from "./compile-expression.ts";
export type { Evaluate, Facts } from "./evaluate.ts";
export { conditionToSql, type SqlCondition } from "./condition-to-sql.ts";
export { type Explanation, explainCondition } from "./explain-condition.ts";
export { type Expression, type Fault, FUNCTIONS, readsOf } from "./expression.ts";
export { durationMs } from "./fold-time.ts";
export { parseExpression, VARIABLES } from "./parse-expression.ts";
export { fieldOf, toValue, type Value } from "./value.ts";
