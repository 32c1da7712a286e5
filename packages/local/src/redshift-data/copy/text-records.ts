import type { CopyFormat } from '../sql/copy.ts';
import { LoadError } from './load-error.ts';

type TextFormat = CopyFormat & { kind: 'text' };

/** A field; null for the null string, which with escapes (`\N`) is told from others (`N`) only before they are undone. */
type Field = string | null;

/**
 * The records of delimited text: one a line, or more where line ends are escaped.
 *
 * @throws LoadError for a quote that is not closed, where quotes are to be removed
 */
export async function* textRecords(
  text: AsyncIterable<string>,
  format: TextFormat,
  nullAs: string | undefined,
): AsyncGenerator<Field[]> {
  for await (const line of lines(text, format.hasEscapes)) {
    if (line !== '' || !format.ignoresBlankLines) yield fieldsOf(line, format, nullAs);
  }
}

async function* lines(text: AsyncIterable<string>, hasEscapes: boolean): AsyncGenerator<string> {
  let rest = '';
  let from = 0;
  for await (const chunk of text) {
    rest += chunk;
    for (let end = rest.indexOf('\n', from); end >= 0; end = rest.indexOf('\n', from)) {
      from = end + 1;
      if (hasEscapes && isEscaped(rest, end)) continue;
      yield withoutCarriageReturn(rest.slice(0, end), hasEscapes);
      rest = rest.slice(from);
      from = 0;
    }
    from = rest.length;
  }
  if (rest !== '') yield withoutCarriageReturn(rest, hasEscapes);
}

const withoutCarriageReturn = (line: string, hasEscapes: boolean): string =>
  line.endsWith('\r') && !(hasEscapes && isEscaped(line, line.length - 1)) ? line.slice(0, -1) : line;

/** Whether an odd number of backslashes stands before. */
const isEscaped = (text: string, at: number): boolean => {
  let first = at;
  while (text[first - 1] === '\\') first -= 1;
  return (at - first) % 2 === 1;
};

const fieldsOf = (line: string, format: TextFormat, nullAs: string | undefined): Field[] => {
  const { delimiter, hasEscapes, removesQuotes } = format;
  if (!hasEscapes && !removesQuotes) return line.split(delimiter);
  const fields: Field[] = [];
  for (let at = 0; at <= line.length; ) {
    const quote = removesQuotes && (line[at] === '"' || line[at] === "'") ? line[at] : undefined;
    const start = quote ? at + 1 : at;
    const end = endOfField(line, start, quote, format);
    const field = line.slice(start, end);
    fields.push(field === nullAs ? null : hasEscapes ? unescaped(field) : field);
    at = end + (quote ? 2 : 1);
  }
  return fields;
};

/** Where the delimiter or the closing quote stands. A quote closes a field only at its end. */
const endOfField = (
  line: string,
  start: number,
  quote: string | undefined,
  { delimiter, hasEscapes }: TextFormat,
): number => {
  for (let at = start; at < line.length; at += 1) {
    if (hasEscapes && line[at] === '\\') at += 1;
    else if (quote === undefined ? line[at] === delimiter : line[at] === quote && isFieldEnd(line, at + 1, delimiter))
      return at;
  }
  if (quote !== undefined) throw new LoadError('Delimited value missing end quote');
  return line.length;
};

const isFieldEnd = (line: string, at: number, delimiter: string): boolean =>
  at === line.length || line[at] === delimiter;

const unescaped = (field: string): string => field.replaceAll(/\\([^])/g, '$1');
