import { columnTypeEdit } from './column-types.ts';
import type { Edit } from './edit.ts';
import type { Token } from './lexer.ts';
import { notInRedshift, notOnTheStage } from './refused.ts';
import { endOf, isText, nameOf, splitAtCommas, TokenReader } from './token-reader.ts';

/**
 * What must change in a CREATE TABLE: how Redshift stores the table is left out, for it changes no result; keys are left
 * out, for Redshift does not enforce them and PostgreSQL would. That a primary key's columns cannot be null stays.
 *
 * @param tokens the significant tokens of the statement
 * @throws RedshiftError naming what is neither PostgreSQL's nor left out
 */
export const createTableEdits = (tokens: readonly Token[]): Edit[] => {
  const reader = new TokenReader(tokens);
  const head = skipHead(reader);
  if (!head) return [];
  const definitions = reader.parenthesized();
  // A CREATE TABLE AS may name its columns: these have no types.
  const isTyped = definitions !== undefined && !isListOfNames(definitions);
  return [...head.edits, ...(isTyped ? definitionEdits(definitions) : []), ...attributeEdits(reader)];
};

/** Passes `CREATE … TABLE … name`; undefined when the statement is something else. */
const skipHead = (reader: TokenReader): { readonly edits: readonly Edit[] } | undefined => {
  if (!reader.take('CREATE')) return undefined;
  const table = reader.current?.start ?? 0;
  const isTemporary = takeTemporary(reader);
  const isView = !isTemporary && reader.take('MATERIALIZED', 'VIEW');
  if (!isView && !reader.take('TABLE')) return undefined;
  reader.take('IF', 'NOT', 'EXISTS');
  const isNamedTemporary = reader.take('#');
  do reader.next();
  while (reader.take('.'));
  const makeTemporary = { start: table, end: table, replacement: 'TEMP' };
  return { edits: isNamedTemporary && !isTemporary ? [makeTemporary] : [] };
};

const takeTemporary = (reader: TokenReader): boolean => {
  if (!reader.take('LOCAL')) reader.take('GLOBAL');
  return reader.take('TEMPORARY') || reader.take('TEMP');
};

const isListOfNames = (definitions: readonly Token[]): boolean =>
  splitAtCommas(definitions).every((part) => part.length === 1);

const definitionEdits = (definitions: readonly Token[]): Edit[] => {
  const parts = splitAtCommas(definitions);
  const keys = parts.map(tableKeyOf);
  const columns = parts.filter((part, i) => part.length > 0 && !keys[i] && !isText(part[0], 'LIKE'));
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
  if (reader.sees('CHECK', '(')) throw notInRedshift('CHECK in CREATE TABLE');
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

/** What changes in the definition of one column, in CREATE TABLE and ALTER TABLE alike. */
export const columnEdits = (column: readonly Token[]): Edit[] => {
  const reader = new TokenReader(column);
  reader.next();
  return [...columnTypeEdit(reader), ...editsBy(reader, columnAttribute, () => false)];
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
  if (reader.sees('CHECK', '(')) throw notInRedshift('CHECK in CREATE TABLE');
  if (reader.sees('GENERATED', 'ALWAYS')) throw notInRedshift('GENERATED ALWAYS in CREATE TABLE');
  if (reader.take('GENERATED', 'BY', 'DEFAULT', 'AS', 'IDENTITY')) return identity('BY DEFAULT', reader);
  if (reader.take('IDENTITY')) return identity('ALWAYS', reader);
  if (reader.take('PRIMARY', 'KEY')) return 'NOT NULL';
  if (reader.take('UNIQUE') || reader.take('DISTKEY') || reader.take('SORTKEY')) return '';
  if (reader.take('COLLATE')) return collation(reader);
  if (reader.take('REFERENCES')) return passReference(reader);
  if (reader.sees('ENCODE', '(') || !reader.take('ENCODE')) return undefined;
  reader.next();
  return '';
};

const identity = (when: string, reader: TokenReader): string => {
  const [seed = [], step = []] = splitAtCommas(reader.parenthesized() ?? []);
  const [from, by] = [numberOf(seed), numberOf(step)];
  // PostgreSQL's own bounds would leave out 0 and what is below.
  const bound = by > 0 ? `MINVALUE ${Math.min(from, 1)}` : `MAXVALUE ${Math.max(from, -1)}`;
  return `GENERATED ${when} AS IDENTITY (START WITH ${from} INCREMENT BY ${by} ${bound})`;
};

const numberOf = (tokens: readonly Token[]): number => {
  const value = Number(tokens.map(({ text }) => text).join('') || Number.NaN);
  if (!Number.isSafeInteger(value)) throw notOnTheStage('IDENTITY without a seed and a step');
  return value;
};

const collation = (reader: TokenReader): string => {
  if (reader.take('CASE_SENSITIVE') || reader.take('CS')) return '';
  throw notOnTheStage(`COLLATE ${reader.current?.text.toUpperCase() ?? ''}`);
};

const passReference = (reader: TokenReader): string => {
  do reader.next();
  while (reader.take('.'));
  reader.parenthesized();
  return '';
};

const ONLY_POSTGRES = [
  ['PARTITION', 'BY'],
  ['INHERITS', '('],
  ['WITH', '('],
  ['TABLESPACE'],
  ['ON', 'COMMIT'],
  ['USING'],
];

const tableAttribute = (reader: TokenReader): string | undefined => {
  const absent = ONLY_POSTGRES.find((words) => reader.sees(...words));
  if (absent) throw notInRedshift(`${absent.join(' ').replace(' (', '')} in CREATE TABLE`);
  if (reader.sees('COMPOUND', 'SORTKEY') || reader.sees('INTERLEAVED', 'SORTKEY')) reader.next();
  if (reader.take('DISTSTYLE') || reader.take('ENCODE') || reader.take('BACKUP')) reader.next();
  else if (reader.take('AUTO', 'REFRESH')) reader.next();
  else if (reader.take('DISTKEY')) reader.parenthesized();
  else if (!reader.take('SORTKEY')) return undefined;
  else if (!reader.take('AUTO')) reader.parenthesized();
  return ' ';
};
