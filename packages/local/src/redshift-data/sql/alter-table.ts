import { columnEdits } from './create-table.ts';
import type { Edit } from './edit.ts';
import type { Token } from './lexer.ts';
import { notInRedshift, notOnTheStage } from './refused.ts';
import { endOf, splitAtCommas, TokenReader } from './token-reader.ts';

/** How Redshift stores the table; changes no result. */
const STORAGE = [
  ['ALTER', 'DISTKEY'],
  ['ALTER', 'DISTSTYLE'],
  ['ALTER', 'SORTKEY'],
  ['ALTER', 'COMPOUND', 'SORTKEY'],
  ['ALTER', 'ENCODE'],
];
/** Does nothing but find the table and check who owns it. */
const NOTHING = 'SET (fillfactor = 100)';
const KEYS = [['PRIMARY', 'KEY'], ['FOREIGN', 'KEY'], ['UNIQUE']];

/** @throws RedshiftError for what Redshift has not, or the stage does not know */
export const alterTableEdits = (tokens: readonly Token[]): Edit[] => {
  const reader = new TokenReader(tokens);
  if (!reader.take('ALTER', 'TABLE')) return [];
  reader.take('IF', 'EXISTS');
  reader.take('#');
  do reader.next();
  while (reader.take('.'));
  const start = reader.current?.start;
  const end = endOf(tokens.findLast(({ text }) => text !== ';') as Token);
  const rest = tokens.filter(({ start: at, text }) => start !== undefined && at >= start && text !== ';');
  if (start === undefined) return [];
  if (splitAtCommas(rest).length > 1) throw notInRedshift('ALTER TABLE with several actions');
  if (reader.take('APPEND')) throw notOnTheStage('ALTER TABLE APPEND');
  const isStorage = STORAGE.some((words) => reader.sees(...words)) || isEncoding(rest);
  if (isStorage || isKey(rest)) return [{ start, end, replacement: NOTHING }];
  if (!reader.take('ADD')) return [];
  reader.take('COLUMN');
  const from = reader.current?.start ?? 0;
  return columnEdits(rest.filter(({ start: at }) => at >= from));
};

const isEncoding = (action: readonly Token[]): boolean => {
  const reader = new TokenReader(action);
  if (!reader.take('ALTER')) return false;
  reader.take('COLUMN');
  reader.next();
  return reader.sees('ENCODE');
};

/** Keys are not enforced; who adds one changes nothing. */
const isKey = (action: readonly Token[]): boolean => {
  const reader = new TokenReader(action);
  if (!reader.take('ADD')) return false;
  if (reader.take('CONSTRAINT')) reader.next();
  return KEYS.some((words) => reader.sees(...words));
};
