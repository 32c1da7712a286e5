import { alterTableEdits } from './alter-table.ts';
import { rewriteCalls } from './calls.ts';
import { createTableEdits } from './create-table.ts';
import type { Token } from './lexer.ts';
import { checkMerge, rewriteIntoTemporary, rewriteMaintenance } from './maintenance.ts';
import { checkNesting } from './nesting.ts';
import { rewriteRoutine } from './procedures.ts';
import { rewriteQualify } from './qualify.ts';
import { refuse } from './refusals.ts';
import { editTokens } from './token-text.ts';
import { rewriteTop } from './top.ts';
import { rewriteWords } from './words.ts';

/**
 * Redshift's SQL as PostgreSQL takes it, token by token: what is not recognised stays as it is, for PostgreSQL to take or to
 * refuse.
 *
 * @param tokens the significant tokens of one statement
 * @throws RedshiftError naming what Redshift has not, or the stage does not know
 */
export const translate = (tokens: readonly Token[]): readonly Token[] => {
  checkNesting(tokens);
  refuse(tokens);
  checkMerge(tokens);
  const edited = editTokens(tokens, [...createTableEdits(tokens), ...alterTableEdits(tokens)]);
  const routine = rewriteRoutine(edited, translateBody);
  return rewriteMaintenance(rewriteIntoTemporary(translateQueries(routine)));
};

/** Of a procedure: what only PostgreSQL has is refused there too. */
const translateBody = (tokens: readonly Token[]): readonly Token[] => {
  refuse(tokens);
  return translateQueries(tokens);
};

const translateQueries = (tokens: readonly Token[]): Token[] =>
  rewriteCalls(rewriteTop(rewriteQualify(rewriteWords(tokens))));
