import { RedshiftError } from '../errors.ts';
import { compactJson } from '../results/field.ts';
import type { Cell } from '../results/outcome.ts';
import type { UnloadFormat } from '../sql/unload.ts';

/** A column of what is unloaded. */
export interface UnloadColumn {
  readonly name: string;
  /** `json` is SUPER, which has a null of its own; NULL AS does not concern it. */
  readonly kind: 'text' | 'number' | 'json' | 'other';
}

export interface RowFormat {
  readonly header: string;
  readonly line: (row: readonly Cell[]) => string;
}

/** How rows of these columns are written, as lines. */
export const rowFormat = (format: UnloadFormat, columns: readonly UnloadColumn[]): RowFormat => {
  if (format.kind === 'json') return jsonFormat(columns);
  const write = format.kind === 'csv' ? csvField(format) : textField(format);
  const names = columns.map(({ name }) => write(name, 'text'));
  return {
    header: `${names.join(format.delimiter)}\n`,
    line: (row) => {
      const fields = row.map((cell, i) => {
        const kind = columns[i]?.kind;
        if (kind === 'json') return write(compactJson(cell ?? 'null'), kind);
        return cell === null ? write(format.nullAs, 'other') : write(cell, kind);
      });
      return `${fields.join(format.delimiter)}\n`;
    },
  };
};

type Write = (field: string, kind: UnloadColumn['kind'] | undefined) => string;

/** Only fields that need quotes get them. */
const csvField = ({ delimiter }: UnloadFormat & { kind: 'csv' }): Write => {
  const special = ['"', '\n', '\r', delimiter];
  return (field) =>
    special.some((character) => field.includes(character)) ? `"${field.replaceAll('"', '""')}"` : field;
};

const textField = ({ delimiter, addsQuotes, escapes }: UnloadFormat & { kind: 'text' }): Write => {
  const special = new Set(['\n', '\r', '\\', delimiter, ...(addsQuotes ? ['"', "'"] : [])]);
  const escaped = (text: string) =>
    [...text].map((character) => (special.has(character) ? `\\${character}` : character)).join('');
  return (field, kind) => {
    const text = escapes && kind === 'text' ? escaped(field) : field;
    return addsQuotes ? `"${text}"` : text;
  };
};

const jsonFormat = (columns: readonly UnloadColumn[]): RowFormat => {
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new RedshiftError(`ERROR: UNLOAD FORMAT JSON needs unique column names, but "${twice}" comes twice`);
  const keys = names.map((name) => JSON.stringify(name));
  return {
    header: '',
    line: (row) => `{${row.map((cell, i) => `${keys[i]}:${jsonValue(cell, columns[i]?.kind)}`).join(',')}}\n`,
  };
};

/** Numbers stay as they are, but NaN and infinity, which JSON does not know; booleans are `t` and `f`. */
const jsonValue = (cell: Cell, kind: UnloadColumn['kind'] | undefined): string => {
  if (cell === null) return 'null';
  if (kind === 'json') return compactJson(cell);
  if (kind === 'number' && /\d/.test(cell)) return cell;
  return JSON.stringify(cell);
};
