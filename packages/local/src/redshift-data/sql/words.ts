import type { Token } from './lexer.ts';
import { isText, nameOf } from './token-reader.ts';
import { tokensAt } from './token-text.ts';

/** Translates single words of expressions and queries, wherever they stand. */
export const rewriteWords = (tokens: readonly Token[]): Token[] => {
  const result: Token[] = [];
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i] as Token;
    const found = WORDS.find(([isIt]) => isIt(tokens, i));
    if (!found) result.push(token);
    else {
      const [, length, replacement] = found;
      result.push(...tokensAt(token.start, replacement(tokens, i)));
      i += length - 1;
    }
  }
  return result;
};

type Word = readonly [
  isIt: (tokens: readonly Token[], i: number) => boolean,
  length: number,
  replacement: (tokens: readonly Token[], i: number) => string,
];

const is =
  (...texts: readonly string[]) =>
  (tokens: readonly Token[], i: number): boolean =>
    texts.every((text, n) => isText(tokens[i + n], text));

/** Words after which an operand begins, so that `#t` is a name there and not an operator. */
const BEFORE_OPERANDS = new Set([
  ...[
    'TABLE',
    'INTO',
    'FROM',
    'JOIN',
    'UPDATE',
    'EXISTS',
    'USING',
    'TO',
    'TRUNCATE',
    'ANALYZE',
    'VACUUM',
    'COPY',
    'ON',
  ],
  ...[
    'SELECT',
    'WHERE',
    'AND',
    'OR',
    'NOT',
    'BY',
    'SET',
    'WHEN',
    'THEN',
    'ELSE',
    'CASE',
    'IN',
    'LIKE',
    'BETWEEN',
    'HAVING',
  ],
  ...['DISTINCT', 'ALL', 'ONLY', 'LOCK', 'MERGE', 'VALUES', 'IS', 'AS', 'QUALIFY'],
]);

const endsOperand = (token: Token | undefined): boolean => {
  if (!token) return false;
  if (token.kind === 'word') return !BEFORE_OPERANDS.has(token.text.toUpperCase());
  return token.kind !== 'symbol' || token.text === ')' || token.text === ']' || token.text.startsWith('$');
};

/** `#name`, written together, where no operator can stand. */
const isTemporaryName = (tokens: readonly Token[], i: number): boolean => {
  const [hash, name] = [tokens[i], tokens[i + 1]];
  const isJoined = isText(hash, '#') && name?.kind === 'word' && name.start === (hash?.start ?? 0) + 1;
  return isJoined && !endsOperand(tokens[i - 1]);
};

/** An attribute of what a subscript has found in a SUPER value. */
const isAttribute = (tokens: readonly Token[], i: number): boolean =>
  isText(tokens[i - 1], ']') && isText(tokens[i], '.') && isName(tokens[i + 1]);

export const isName = (token: Token | undefined): token is Token =>
  token?.kind === 'word' || token?.kind === 'identifier';

export const attributeText = (name: Token): string => `['${nameOf(name).replaceAll("'", "''")}']`;

const isSysdate = (tokens: readonly Token[], i: number): boolean =>
  isText(tokens[i], 'SYSDATE') &&
  ![tokens[i - 1], tokens[i + 1]].some((token) => isText(token, '.')) &&
  !isText(tokens[i - 1], 'AS');

const isMinus = (tokens: readonly Token[], i: number): boolean =>
  isText(tokens[i], 'MINUS') && i > 0 && (isText(tokens[i + 1], 'SELECT') || is('(', 'SELECT')(tokens, i + 1));

const isBareDecimal = (tokens: readonly Token[], i: number): boolean =>
  ['NUMERIC', 'DECIMAL', 'DEC'].some((name) => isText(tokens[i], name)) &&
  !isText(tokens[i + 1], '(') &&
  (isText(tokens[i - 1], '::') || (isText(tokens[i - 1], 'AS') && isText(tokens[i + 1], ')')));

const isLongestLength = (tokens: readonly Token[], i: number): boolean =>
  is('(', 'MAX', ')')(tokens, i) && ['VARCHAR', 'VARYING', 'NVARCHAR'].some((name) => isText(tokens[i - 1], name));

/** The other name of VARCHAR, where a type must stand. */
const isNvarchar = (tokens: readonly Token[], i: number): boolean =>
  isText(tokens[i], 'NVARCHAR') &&
  ['::', 'AS'].some((before) => isText(tokens[i - 1], before)) &&
  !isText(tokens[i + 1], ',');

/** A backslash escapes in Redshift, in PostgreSQL only in strings that say so. */
const hasEscapes = (tokens: readonly Token[], i: number): boolean =>
  tokens[i]?.kind === 'string' && /^'.*\\/s.test(tokens[i].text);

const WORDS: readonly Word[] = [
  [hasEscapes, 1, (tokens, i) => `E${(tokens[i] as Token).text}`],
  [isTemporaryName, 2, (tokens, i) => `"#${(tokens[i + 1] as Token).text.toLowerCase()}"`],
  [isAttribute, 2, (tokens, i) => attributeText(tokens[i + 1] as Token)],
  [isSysdate, 1, () => '"timestamp"()'],
  [isMinus, 1, () => 'except'],
  [isLongestLength, 3, () => '(65535)'],
  [isNvarchar, 1, () => 'varchar'],
  [isBareDecimal, 1, () => 'numeric(18, 0)'],
  [is('APPROXIMATE', 'COUNT', '('), 1, () => ''],
  [is('RESPECT', 'NULLS'), 2, () => ''],
];
