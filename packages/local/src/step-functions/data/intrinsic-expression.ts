import type { Json } from './json.ts';

export type Expression =
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'literal'; readonly value: Json };

/** A text that is no call of an intrinsic function. */
export class InvalidCall extends Error {
  override readonly name = 'InvalidCall';
}

export const isIntrinsic = (text: string): boolean => text.startsWith('States.');

/** Calls within calls, the outermost counted. */
const DEEPEST = 10;
const MOST_PARSED = 1000;
const parsed = new Map<string, Expression>();

/**
 * Reads `States.Name(argument, …)`; arguments are paths, texts in single quotes, numbers, booleans, null, and further calls.
 *
 * @throws InvalidCall
 */
export const parseIntrinsic = (text: string): Expression => {
  const known = parsed.get(text);
  if (known) return known;
  const reader = new Reader(text);
  const expression = reader.expression(1);
  reader.end();
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(text, expression);
  return expression;
};

const CALL = /(States\.\w+)\s*\(\s*/y;
const PATH = /\$(?:\[(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\[[^\]]*\]|[^\]'"[])*\]|[^\s,()[\]])*/y;
/** Nothing else may be escaped. */
const TEXT = /'((?:\\['{}\\]|[^'\\])*)'/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORD = /(?:null|true|false)\b/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  expression(depth: number): Expression {
    const call = this.#take(CALL);
    if (call) return this.#call(call[1] ?? '', depth);
    const path = this.#take(PATH);
    if (path) return { kind: 'path', path: path[0] };
    return { kind: 'literal', value: this.#literal() };
  }

  end(): void {
    if (this.#at !== this.#text.length) throw this.#unreadable();
  }

  #call(name: string, depth: number): Expression {
    if (depth > DEEPEST) throw new InvalidCall(`At most ${DEEPEST} calls may be nested`);
    const args: Expression[] = [];
    while (!this.#take(/\s*\)/y)) {
      if (args.length > 0 && !this.#take(/\s*,\s*/y)) throw this.#unreadable();
      // The template of a format keeps its escapes: which braces are escaped is for States.Format to see.
      const isTemplate = name === 'States.Format' && args.length === 0;
      const template = isTemplate ? this.#take(TEXT) : null;
      args.push(template ? { kind: 'literal', value: template[1] ?? '' } : this.expression(depth + 1));
    }
    return { kind: 'call', name, args };
  }

  #literal(): Json {
    const text = this.#take(TEXT);
    if (text) return (text[1] ?? '').replaceAll(/\\(.)/gs, '$1');
    const literal = this.#take(NUMBER) ?? this.#take(WORD);
    if (literal) return JSON.parse(literal[0]) as Json;
    throw this.#unreadable();
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #unreadable(): InvalidCall {
    return new InvalidCall(`'${this.#text}' is no call of an intrinsic function`);
  }
}
