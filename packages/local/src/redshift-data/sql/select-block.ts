import type { Token } from './lexer.ts';
import { isText, splitAtCommas } from './token-reader.ts';

/** The clauses of one SELECT, from that word up to what ends it; positions are indices of tokens. */
export interface SelectBlock {
  /** Of SELECT itself. */
  readonly start: number;
  /** Behind its last token. */
  readonly end: number;
  /** Whether UNION, EXCEPT or INTERSECT joins it to another. */
  readonly isJoined: boolean;
  /** Where its clauses begin. */
  readonly clauses: ReadonlyMap<string, number>;
}

const CLAUSES = ['INTO', 'FROM', 'WHERE', 'GROUP', 'HAVING', 'QUALIFY', 'ORDER', 'LIMIT', 'OFFSET'];
const SET_OPERATORS = ['UNION', 'EXCEPT', 'INTERSECT', 'MINUS'];

export const selectBlocks = (tokens: readonly Token[]): SelectBlock[] =>
  tokens.flatMap((token, i) => (isText(token, 'SELECT') && !isText(tokens[i - 1], '.') ? [blockAt(tokens, i)] : []));

const blockAt = (tokens: readonly Token[], start: number): SelectBlock => {
  const clauses = new Map<string, number>();
  let depth = 0;
  let i = start + 1;
  for (; i < tokens.length; i += 1) {
    const token = tokens[i] as Token;
    if (isText(token, '(') || isText(token, '[')) depth += 1;
    if (isText(token, ')') || isText(token, ']')) depth -= 1;
    if (depth < 0 || (depth === 0 && (isText(token, ';') || isSetOperator(token) || isTail(tokens, i)))) break;
    if (depth === 0) noteClause(tokens, i, clauses);
  }
  const isJoined = isSetOperator(tokens[i]) || isSetOperator(tokens[start - 1]) || isSetOperator(tokens[start - 2]);
  return { start, end: i, isJoined, clauses };
};

const isSetOperator = (token: Token | undefined): boolean => SET_OPERATORS.some((name) => isText(token, name));

/** `WITH NO SCHEMA BINDING` ends the query of a view. */
const isTail = (tokens: readonly Token[], i: number): boolean =>
  isText(tokens[i], 'WITH') && isText(tokens[i + 1], 'NO') && isText(tokens[i + 2], 'SCHEMA');

const noteClause = (tokens: readonly Token[], i: number, clauses: Map<string, number>): void => {
  const name = CLAUSES.find((clause) => isText(tokens[i], clause));
  if (name === undefined || clauses.has(name) || isText(tokens[i - 1], '.')) return;
  if ((name === 'GROUP' || name === 'ORDER') && !isText(tokens[i + 1], 'BY')) return;
  clauses.set(name, i);
};

/** From a clause, without its first `skip` words, to the next one. */
export const clauseOf = (tokens: readonly Token[], block: SelectBlock, name: string, skip = 1): readonly Token[] => {
  const start = block.clauses.get(name);
  if (start === undefined) return [];
  const later = [...block.clauses.values()].filter((at) => at > start);
  return tokens.slice(start + skip, Math.min(block.end, ...later));
};

/** The items between SELECT (and DISTINCT) and the first clause. */
export const selectItems = (tokens: readonly Token[], { start, end, clauses }: SelectBlock): Token[][] => {
  const isWord = (i: number) => isText(tokens[i], 'DISTINCT') || isText(tokens[i], 'ALL');
  const first = isWord(start + 1) ? start + 2 : start + 1;
  return splitAtCommas(tokens.slice(first, Math.min(end, ...clauses.values())));
};

/** The name an item has by `AS name` or a name behind its expression, and the expression; undefined without one. */
export const aliasOf = (item: readonly Token[]): { alias: Token; expression: readonly Token[] } | undefined => {
  const alias = item.at(-1);
  const before = item.at(-2);
  if (item.length < 2 || !alias || (alias.kind !== 'word' && alias.kind !== 'identifier')) return undefined;
  if (isText(before, 'AS')) return { alias, expression: item.slice(0, -2) };
  if (isText(alias, 'END') || isText(alias, 'NULL') || endsInOperator(before) || item.length < 2) return undefined;
  return { alias, expression: item.slice(0, -1) };
};

const endsInOperator = (token: Token | undefined): boolean => {
  if (token?.kind === 'symbol') return token.text !== ')' && token.text !== ']' && !/^\$\d/.test(token.text);
  return [
    'AND',
    'OR',
    'NOT',
    'IS',
    'LIKE',
    'ILIKE',
    'IN',
    'BETWEEN',
    'DATE',
    'TIMESTAMP',
    'INTERVAL',
    'DISTINCT',
    'THEN',
    'ELSE',
  ].some((word) => isText(token, word));
};
