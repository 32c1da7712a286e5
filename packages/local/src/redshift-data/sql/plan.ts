import { RedshiftError } from '../errors.ts';
import { type CopyStatement, parseCopy } from './copy.ts';
import { createTableEdits } from './create-table.ts';
import { applyEdits, type EditedSql } from './edit.ts';
import { significantTokens, type Token } from './lexer.ts';
import { bindParameters, type SqlParameter } from './parameters.ts';
import { isText } from './token-reader.ts';

/** How a statement runs. */
export type Plan =
  | { readonly kind: 'query'; readonly sql: EditedSql; readonly values: readonly string[] }
  | { readonly kind: 'copy'; readonly copy: CopyStatement };

/**
 * Redshift's SQL as PostgreSQL takes it. What PostgreSQL does not know either, it refuses itself; this refuses what it
 * would take and understand otherwise.
 *
 * @throws RedshiftError naming what is refused
 */
export const planStatement = (sql: string, parameters: readonly SqlParameter[]): Plan => {
  const tokens = significantTokens(sql);
  if (isText(tokens[0], 'COPY')) return { kind: 'copy', copy: parseCopy(tokens) };
  refuseEnforcedKeys(tokens);
  const { edits, values } = bindParameters(sql, parameters);
  return { kind: 'query', sql: applyEdits(sql, [...edits, ...createTableEdits(tokens)]), values };
};

/** A key added later would be enforced by PostgreSQL; Redshift takes it as a hint. */
const refuseEnforcedKeys = (tokens: readonly Token[]): void => {
  if (!isText(tokens[0], 'ALTER') || !isText(tokens[1], 'TABLE')) return;
  const key = tokens.find(
    (token, i) =>
      (isText(token, 'PRIMARY') && isText(tokens[i + 1], 'KEY')) ||
      (isText(token, 'FOREIGN') && isText(tokens[i + 1], 'KEY')) ||
      isText(token, 'UNIQUE') ||
      isText(token, 'REFERENCES'),
  );
  if (key)
    throw new RedshiftError(`ERROR: ${key.text.toUpperCase()} in ALTER TABLE is not supported by the local stage`);
};
