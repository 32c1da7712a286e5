import { tokenize } from './lexer.ts';

export interface SqlParameter {
  readonly name: string;
  readonly value: string;
}

/** SQL in which placeholders have become bind parameters, so that values never become part of the text. */
export interface BoundSql {
  readonly text: string;
  readonly values: readonly string[];
  /** Where in the user's own SQL the `position` that PostgreSQL reported lies; both count characters from 1. */
  originalPosition(position: number): number;
}

/** A stretch of text that was replaced, in UTF-16 units. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly originalStart: number;
  readonly originalEnd: number;
}

/**
 * `:name` outside literals, quoted identifiers, comments and casts becomes `$n`. Each use gets a number of its own, as in
 * JDBC, so that one value may serve two types. A placeholder without a parameter stays: the database refuses it.
 */
export const bindParameters = (sql: string, parameters: readonly SqlParameter[]): BoundSql => {
  const given = new Map(parameters.map(({ name, value }) => [name, value]));
  const values: string[] = [];
  const replacements: Replacement[] = [];
  let text = '';
  for (const token of tokenize(sql)) {
    const value = token.kind === 'placeholder' ? given.get(token.text.slice(1)) : undefined;
    const piece = value === undefined ? token.text : `$${values.push(value)}`;
    if (value !== undefined) {
      const originalEnd = token.start + token.text.length;
      replacements.push({
        start: text.length,
        end: text.length + piece.length,
        originalStart: token.start,
        originalEnd,
      });
    }
    text += piece;
  }
  return { text, values, originalPosition: (position) => mapBack(position, text, sql, replacements) };
};

/** Names of parameters that the SQL does not use. */
export const unusedParameters = (sql: string, parameters: readonly SqlParameter[]): string[] => {
  const placeholders = tokenize(sql).filter(({ kind }) => kind === 'placeholder');
  const used = new Set(placeholders.map(({ text }) => text.slice(1)));
  return parameters.map(({ name }) => name).filter((name) => !used.has(name));
};

const mapBack = (position: number, text: string, sql: string, replacements: readonly Replacement[]): number => {
  // PostgreSQL counts characters, JavaScript UTF-16 units.
  const offset = [...text].slice(0, position - 1).join('').length;
  const last = replacements.findLast(({ start }) => start <= offset);
  if (!last) return position;
  const original = offset < last.end ? last.originalStart : last.originalEnd + offset - last.end;
  return [...sql.slice(0, original)].length + 1;
};
