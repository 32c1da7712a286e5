import type { Edit } from './edit.ts';
import type { Token } from './lexer.ts';
import { notInRedshift } from './refused.ts';
import { isText, type TokenReader } from './token-reader.ts';

const LONGEST: Readonly<Record<string, number>> = { VARCHAR: 65_535, CHAR: 4096 };
const TEXT_TYPES: Readonly<Record<string, 'VARCHAR' | 'CHAR'>> = {
  VARCHAR: 'VARCHAR',
  NVARCHAR: 'VARCHAR',
  CHAR: 'CHAR',
  CHARACTER: 'CHAR',
  NCHAR: 'CHAR',
  BPCHAR: 'CHAR',
  TEXT: 'VARCHAR',
};
const ABSENT = new Set(['SERIAL', 'BIGSERIAL', 'SMALLSERIAL', 'SERIAL2', 'SERIAL4', 'SERIAL8']);
const DECIMALS = new Set(['NUMERIC', 'DECIMAL', 'DEC']);
/** Of TEXT, BPCHAR and a VARCHAR without a length. */
const DEFAULT_LENGTH = 256;

/**
 * Passes the type of a column, where Redshift means another by the same word: texts have a length always, and a decimal
 * without one has no digits after the point.
 *
 * @throws RedshiftError for what only PostgreSQL has, or what is too long
 */
export const columnTypeEdit = (reader: TokenReader): Edit[] => {
  const { current } = reader;
  const name = current?.kind === 'word' ? current.text.toUpperCase() : '';
  if (ABSENT.has(name)) throw notInRedshift(`the type ${name}`);
  if (!current || !(name in TEXT_TYPES || DECIMALS.has(name))) return [];
  reader.next();
  const isVarying = reader.take('VARYING');
  const given = reader.parenthesized();
  const replacement = DECIMALS.has(name) ? decimal(given) : text(isVarying ? 'VARCHAR' : name, given);
  return replacement ? [{ start: current.start, end: reader.passedTo, replacement }] : [];
};

const decimal = (given: readonly Token[] | undefined): string | undefined => {
  const precision = Number(given?.[0]?.text ?? 0);
  if (precision > 38) throw notInRedshift('a precision of more than 38 digits');
  return given ? undefined : 'numeric(18, 0)';
};

const text = (name: string, given: readonly Token[] | undefined): string | undefined => {
  const type = TEXT_TYPES[name] ?? 'VARCHAR';
  const longest = LONGEST[type] ?? 0;
  if (isText(given?.[0], 'MAX')) return `${type}(${longest})`;
  const length = Number(given?.[0]?.text ?? 0);
  if (length > longest) throw notInRedshift(`a length of ${length} for ${type}, which has at most ${longest},`);
  if (given && (name === 'VARCHAR' || name === 'CHAR' || name === 'CHARACTER')) return undefined;
  if (given) return `${type}(${length})`;
  return name === 'CHAR' || name === 'CHARACTER' || name === 'NCHAR' ? undefined : `${type}(${DEFAULT_LENGTH})`;
};
