import { type CopyStatement, parseCopy } from './copy.ts';
import { significantTokens } from './lexer.ts';
import type { SqlParameter } from './parameters.ts';
import { QueryPlan } from './query-plan.ts';
import { isText } from './token-reader.ts';
import { translate } from './translate.ts';
import { parseUnload, type UnloadStatement } from './unload.ts';

/** How a statement runs. */
export type Plan =
  | QueryPlan
  | { readonly kind: 'copy'; readonly copy: CopyStatement }
  | { readonly kind: 'unload'; readonly unload: UnloadStatement; readonly query: QueryPlan };

/**
 * Redshift's SQL as PostgreSQL takes it. What PostgreSQL does not know either, it refuses itself; this refuses what it
 * would take and understand otherwise.
 *
 * @throws RedshiftError naming what is refused
 */
export const planStatement = (sql: string, parameters: readonly SqlParameter[]): Plan => {
  const tokens = significantTokens(sql);
  if (isText(tokens[0], 'COPY')) return { kind: 'copy', copy: parseCopy(tokens) };
  if (isText(tokens[0], 'UNLOAD')) {
    const unload = parseUnload(tokens);
    // Parameters are not replaced inside its quotes.
    return { kind: 'unload', unload, query: planQuery(unload.query, []) };
  }
  return planQuery(sql, parameters);
};

const planQuery = (sql: string, parameters: readonly SqlParameter[]): QueryPlan => {
  const tokens = significantTokens(sql);
  return new QueryPlan({ sql, tokens, parameters }, translate(tokens));
};
