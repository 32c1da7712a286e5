import type { Conversion } from '../sql/copy.ts';
import { LoadError } from './load-error.ts';
import type { LoadColumn } from './table-columns.ts';

/** PostgreSQL stores a declared length with 4 added. */
const MODIFIER_OFFSET = 4;

/** Whether fields of the type are text, in which an empty one is not NULL. */
export const isText = ({ type }: LoadColumn): boolean => type === 'varchar' || type === 'bpchar' || type === 'text';

/** A field as a value of a CHAR or VARCHAR column: lengths are in bytes. */
export const convertText = (field: string, column: LoadColumn, rules: Conversion): string | null => {
  if (field === '') return rules.emptyAsNull ? null : field;
  if (rules.blanksAsNull && /^\s+$/.test(field)) return null;
  const text = rules.trimsBlanks && column.type !== 'bpchar' ? field.trimEnd() : field;
  if (column.type === 'bpchar') refuseMultibyte(text, column);
  const limit = column.modifier < 0 ? Infinity : column.modifier - MODIFIER_OFFSET;
  if (text.length * 3 <= limit || Buffer.byteLength(text) <= limit) return text;
  if (rules.truncatesColumns) return firstBytes(text, limit);
  throw new LoadError('String length exceeds DDL length', column.name);
};

const refuseMultibyte = (text: string, { name }: LoadColumn): void => {
  const [character] = /[^\0-\x7f]/u.exec(text) ?? [];
  if (character === undefined) return;
  const bytes = [...Buffer.from(character)].map((byte) => byte.toString(16)).join(' ');
  throw new LoadError(
    `Multibyte character not supported for CHAR (Hint: try using VARCHAR). Invalid char: ${bytes}`,
    name,
  );
};

/** As many whole characters as fit. */
const firstBytes = (text: string, limit: number): string => {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(limit));
  return text.slice(0, read);
};
