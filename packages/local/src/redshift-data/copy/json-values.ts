import { LoadError } from './load-error.ts';

/** A number as it is written, with all its digits. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.text);
  }
}

/** As much as Redshift takes of one object. */
const LONGEST = 4 * 1024 * 1024;
const OPEN = '{[';
const CLOSE = '}]';

/**
 * The objects and arrays of a text, which stand one after the other with nothing but space between them.
 *
 * @throws LoadError for what is none
 */
export async function* jsonValues(text: AsyncIterable<string>): AsyncGenerator<unknown> {
  const scanner = new Scanner();
  for await (const chunk of text) for (const json of scanner.push(chunk)) yield parsed(json);
  scanner.end();
}

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json, numbersAsWritten as (key: string, value: unknown) => unknown);
  } catch {
    throw invalid();
  }
};

/** Node 24 hands the source text to a reviver; the es2024 library of TypeScript does not know it yet. */
const numbersAsWritten = (_key: string, value: unknown, { source }: { readonly source: string }): unknown =>
  typeof value === 'number' ? new JsonNumber(source) : value;

/** Finds where objects and arrays end, by their brackets. */
class Scanner {
  #rest = '';
  #depth = 0;
  #isString = false;
  #isEscaped = false;

  *push(chunk: string): Generator<string> {
    const scanned = this.#rest.length;
    const text = this.#rest + chunk;
    let start = 0;
    for (let at = scanned; at < text.length; at += 1) {
      if (!this.#endsAt(text[at] as string)) continue;
      yield text.slice(start, at + 1);
      start = at + 1;
    }
    this.#rest = this.#depth === 0 ? '' : text.slice(start);
    if (this.#rest.length > LONGEST) throw new LoadError('JSON object exceeds the maximum size of 4 MB');
  }

  end(): void {
    if (this.#depth > 0) throw invalid();
  }

  #endsAt(character: string): boolean {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#isString) this.#inString(character);
    else if (OPEN.includes(character)) this.#depth += 1;
    else if (this.#depth === 0) expectSpace(character);
    else if (character === '"') this.#isString = true;
    else if (CLOSE.includes(character)) return --this.#depth === 0;
    return false;
  }

  #inString(character: string): void {
    if (character === '\\') this.#isEscaped = true;
    else if (character === '"') this.#isString = false;
  }
}

const expectSpace = (character: string): void => {
  if (!/\s/.test(character)) throw invalid();
};

const invalid = (): LoadError => new LoadError('Invalid JSON format');
