import type { EditedSql } from './edit.ts';
import { significantTokens, type Token } from './lexer.ts';
import { endOf } from './token-reader.ts';

/** SQL that stands for something of the user's: all of it is said to lie at `at`. */
export const tokensAt = (at: number, text: string): Token[] =>
  significantTokens(text).map((token) => ({ ...token, start: at }));

export interface RenderedSql extends EditedSql {
  /** Index of the token at a place in the text, in characters from 1. */
  readonly tokenIndexAt: (position: number) => number;
}

/**
 * Writes tokens as SQL. Tokens that follow each other in `sql` keep what stands between them there, so that a statement
 * nobody has touched comes out as it went in.
 *
 * @param source the significant tokens of `sql`
 */
export const renderTokens = (sql: string, source: readonly Token[], tokens: readonly Token[]): RenderedSql => {
  const followers = new Map(source.map((token, i) => [token.start, source[i + 1]?.start]));
  const offsets: number[] = [];
  let text = '';
  let previous: Token | undefined;
  for (const token of tokens) {
    if (!previous) text = token.start === source[0]?.start ? sql.slice(0, token.start) : '';
    else if (isFrom(sql, previous) && isFrom(sql, token) && followers.get(previous.start) === token.start)
      text += sql.slice(endOf(previous), token.start);
    else text += ' ';
    offsets.push(text.length);
    text += token.text;
    previous = token;
  }
  if (previous && previous === source.at(-1)) text += sql.slice(endOf(previous));
  // PostgreSQL counts characters, JavaScript UTF-16 units.
  const offsetOf = (position: number) => [...text].slice(0, position - 1).join('').length;
  const tokenIndexAt = (position: number) => {
    const offset = offsetOf(position);
    return offsets.findLastIndex((start) => start <= offset);
  };
  const originalPosition = (position: number) => {
    const i = tokenIndexAt(position);
    const token = tokens[i];
    if (!token) return position;
    const inside = isFrom(sql, token) ? offsetOf(position) - (offsets[i] ?? 0) : 0;
    return [...sql.slice(0, token.start + inside)].length + 1;
  };
  return { text, originalPosition, tokenIndexAt };
};

const isFrom = (sql: string, { text, start }: Token): boolean => sql.startsWith(text, start);

/** Applies edits, whose borders are borders of tokens, to tokens instead of text. */
export const editTokens = (
  tokens: readonly Token[],
  edits: readonly { readonly start: number; readonly end: number; readonly replacement: string }[],
): Token[] => {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const result: Token[] = [];
  let next = 0;
  for (const token of tokens) {
    for (let edit = sorted[next]; edit && edit.start <= token.start; edit = sorted[++next])
      result.push(...tokensAt(edit.start, edit.replacement));
    if (!sorted.some(({ start, end }) => start <= token.start && token.start < end)) result.push(token);
  }
  for (const { start, replacement } of sorted.slice(next)) result.push(...tokensAt(start, replacement));
  return result;
};
