import { RedshiftError } from '../errors.ts';
import type { Edit } from './edit.ts';
import type { Token } from './lexer.ts';
import { endOf, nameOf, splitAtCommas, TokenReader } from './token-reader.ts';

/**
 * What must change in a CREATE TABLE: how Redshift stores the table is left out, for it changes no result; keys are left
 * out, for Redshift does not enforce them and PostgreSQL would. That a primary key's columns cannot be null stays.
 *
 * @param tokens the significant tokens of the statement
 * @throws RedshiftError naming what is neither PostgreSQL's nor left out
 */
export const createTableEdits = (tokens: readonly Token[]): Edit[] => {
  const reader = new TokenReader(tokens);
  if (!skipHead(reader)) return [];
  const definitions = reader.parenthesized();
  return [...(definitions ? definitionEdits(definitions) : []), ...attributeEdits(reader)];
};

/** Passes `CREATE … TABLE … name`; false when the statement is something else. */
const skipHead = (reader: TokenReader): boolean => {
  if (!reader.take('CREATE')) return false;
  if (!reader.take('LOCAL')) reader.take('GLOBAL');
  if (!reader.take('TEMPORARY')) reader.take('TEMP');
  if (!reader.take('TABLE')) return false;
  reader.take('IF', 'NOT', 'EXISTS');
  do reader.next();
  while (reader.take('.'));
  return true;
};

const definitionEdits = (definitions: readonly Token[]): Edit[] => {
  const parts = splitAtCommas(definitions);
  const keys = parts.map(tableKeyOf);
  const columns = parts.filter((part, i) => part.length > 0 && !keys[i]);
  const first = keys.indexOf(undefined);
  const required = new Set(keys.flatMap((key) => key?.required ?? []));
  return [
    ...parts.flatMap((part, i) =>
      keys[i] ? [withoutPart(part, i > first ? parts[i - 1] : undefined, parts[i + 1])] : [],
    ),
    ...columns.flatMap(columnEdits),
    ...columns.flatMap((column) => (required.has(columnName(column)) ? notNullAfter(column) : [])),
  ];
};

interface TableKey {
  /** Columns that cannot be null for it. */
  readonly required: readonly string[];
}

/** Undefined for what is no key of the whole table. */
const tableKeyOf = (part: readonly Token[]): TableKey | undefined => {
  const reader = new TokenReader(part);
  if (reader.take('CONSTRAINT')) reader.next();
  if (reader.take('PRIMARY', 'KEY')) return { required: (reader.parenthesized() ?? []).map(nameOf) };
  const isKey = reader.sees('UNIQUE', '(') || reader.sees('FOREIGN', 'KEY');
  return isKey ? { required: [] } : undefined;
};

/** A definition and the comma that sets it apart: the one before it, unless no column comes before. */
const withoutPart = (
  part: readonly Token[],
  previous: readonly Token[] | undefined,
  next: readonly Token[] | undefined,
): Edit => {
  const before = previous?.at(-1);
  const after = next?.[0];
  const start = before ? endOf(before) : (part[0] as Token).start;
  const end = before || !after ? endOf(part.at(-1) as Token) : after.start;
  return { start, end, replacement: '' };
};

const columnName = (column: readonly Token[]): string => (column[0] ? nameOf(column[0]) : '');

const notNullAfter = (column: readonly Token[]): Edit[] => {
  const end = endOf(column.at(-1) as Token);
  return [{ start: end, end, replacement: ' NOT NULL' }];
};

const columnEdits = (column: readonly Token[]): Edit[] => {
  const reader = new TokenReader(column);
  reader.next();
  return editsBy(reader, columnAttribute, () => false);
};

/** What follows the column list, up to the query of a CREATE TABLE AS. */
const attributeEdits = (reader: TokenReader): Edit[] => editsBy(reader, tableAttribute, () => reader.sees('AS'));

/** Lets `attribute` replace what it passes; what it does not know stays, and so does what stands in parentheses. */
const editsBy = (
  reader: TokenReader,
  attribute: (reader: TokenReader) => string | undefined,
  isEnd: () => boolean,
): Edit[] => {
  const edits: Edit[] = [];
  for (let first = reader.current; first && !isEnd(); first = reader.current) {
    const replacement = attribute(reader);
    if (replacement !== undefined) edits.push({ start: first.start, end: reader.passedTo, replacement });
    else if (!reader.parenthesized()) reader.next();
  }
  return edits;
};

/** Passes an attribute that is written otherwise in PostgreSQL, and tells how; undefined, and nothing passed, when there is none. */
const columnAttribute = (reader: TokenReader): string | undefined => {
  if (reader.sees('IDENTITY', '(')) throw refused('IDENTITY');
  if (reader.take('PRIMARY', 'KEY')) return 'NOT NULL';
  if (reader.take('UNIQUE') || reader.take('DISTKEY') || reader.take('SORTKEY')) return '';
  if (reader.take('REFERENCES')) {
    do reader.next();
    while (reader.take('.'));
    reader.parenthesized();
    return '';
  }
  if (reader.sees('ENCODE', '(') || !reader.take('ENCODE')) return undefined;
  reader.next();
  return '';
};

const tableAttribute = (reader: TokenReader): string | undefined => {
  if (reader.sees('BACKUP')) throw refused('BACKUP');
  if (reader.sees('COMPOUND', 'SORTKEY') || reader.sees('INTERLEAVED', 'SORTKEY')) reader.next();
  if (reader.take('DISTSTYLE') || reader.take('ENCODE')) reader.next();
  else if (reader.take('DISTKEY')) reader.parenthesized();
  else if (!reader.take('SORTKEY')) return undefined;
  else if (!reader.take('AUTO')) reader.parenthesized();
  return ' ';
};

const refused = (what: string): RedshiftError =>
  new RedshiftError(`ERROR: ${what} in CREATE TABLE is not supported by the local stage`);
