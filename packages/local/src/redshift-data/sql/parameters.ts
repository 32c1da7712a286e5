import type { Edit } from './edit.ts';
import { tokenize } from './lexer.ts';

export interface SqlParameter {
  readonly name: string;
  readonly value: string;
}

/** The edits that turn placeholders into bind parameters, so that values never become part of the text. */
export interface Binding {
  readonly edits: readonly Edit[];
  /** In the order of `$1`, `$2`, … */
  readonly values: readonly string[];
}

/**
 * `:name` outside literals, quoted identifiers, comments and casts becomes `$n`. Each use gets a number of its own, as in
 * JDBC, so that one value may serve two types. A placeholder without a parameter stays: the database refuses it.
 */
export const bindParameters = (sql: string, parameters: readonly SqlParameter[]): Binding => {
  const given = new Map(parameters.map(({ name, value }) => [name, value]));
  const values: string[] = [];
  const edits: Edit[] = [];
  for (const { kind, text, start } of tokenize(sql)) {
    const value = kind === 'placeholder' ? given.get(text.slice(1)) : undefined;
    if (value === undefined) continue;
    edits.push({ start, end: start + text.length, replacement: `$${values.push(value)}` });
  }
  return { edits, values };
};

/** Names of parameters that the SQL does not use. */
export const unusedParameters = (sql: string, parameters: readonly SqlParameter[]): string[] => {
  const placeholders = tokenize(sql).filter(({ kind }) => kind === 'placeholder');
  const used = new Set(placeholders.map(({ text }) => text.slice(1)));
  return parameters.map(({ name }) => name).filter((name) => !used.has(name));
};
