import type { Cell } from './outcome.ts';
import type { ResultType } from './types.ts';

/** A value on the wire: a union of exactly one key. */
export type Field =
  | { readonly isNull: true }
  | { readonly booleanValue: boolean }
  | { readonly longValue: number | bigint }
  | { readonly doubleValue: number | string }
  | { readonly stringValue: string };

/** The value as the Data API shows it, from how PostgreSQL writes it. */
export const fieldOf = (cell: Cell, { kind }: ResultType): Field => {
  if (cell === null) return { isNull: true };
  switch (kind) {
    case 'boolean':
      return { booleanValue: cell === 't' };
    case 'long':
      return { longValue: exactInteger(cell) };
    case 'double':
      return { doubleValue: double(cell) };
    case 'timestamp':
      return { stringValue: withFraction(cell, '.0') };
    case 'time':
      return { stringValue: withFraction(cell, '.00') };
    case 'super':
      return { stringValue: compactJson(cell) };
    case 'string':
      return { stringValue: cell };
  }
};

const exactInteger = (cell: string): number | bigint => {
  const value = Number(cell);
  return Number.isSafeInteger(value) ? value : BigInt(cell);
};

/** JSON has no NaN and no infinity: AWS's protocols write them as strings, spelled as PostgreSQL does. */
const double = (cell: string): number | string => {
  const value = Number(cell);
  return Number.isFinite(value) ? value : cell;
};

/** Times always carry a fraction, as in JDBC; PostgreSQL drops it when it is zero. */
const withFraction = (cell: string, none: string): string => cell.replace(/:\d\d(?=$| BC$)/, (end) => `${end}${none}`);

/** PostgreSQL puts spaces behind commas and colons; not parsed, since numbers may be larger than JavaScript's. */
export const compactJson = (cell: string): string => cell.replace(/("[^"\\]*(?:\\.[^"\\]*)*")|\s+/g, '$1');
