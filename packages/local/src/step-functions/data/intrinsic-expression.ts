import { notSupported } from '../errors.ts';
import type { Json } from './json.ts';

export type Expression =
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'literal'; readonly value: Json };

export const isIntrinsic = (text: string): boolean => text.startsWith('States.');

/**
 * Reads `States.Name(argument, …)`; arguments are paths, texts in single quotes, numbers, null, and further calls.
 *
 * @throws NotSupportedError for what cannot be read
 */
export const parseIntrinsic = (text: string): Expression => {
  const reader = new Reader(text);
  const expression = reader.expression();
  reader.end();
  return expression;
};

const CALL = /(States\.\w+)\s*\(\s*/y;
const PATH = /\$(?:\[(?:'(?:\\.|[^'\\])*'|[^\]'])*\]|[^\s,()[\]])*/y;
const TEXT = /'((?:\\.|[^'\\])*)'/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const NULL = /null\b/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  expression(): Expression {
    const call = this.#take(CALL);
    if (call) return { kind: 'call', name: call[1] ?? '', args: this.#arguments() };
    const path = this.#take(PATH);
    if (path) return { kind: 'path', path: path[0] };
    return { kind: 'literal', value: this.#literal() };
  }

  end(): void {
    if (this.#at !== this.#text.length) throw this.#unreadable();
  }

  #arguments(): readonly Expression[] {
    const args: Expression[] = [];
    while (!this.#take(/\s*\)/y)) {
      if (args.length > 0 && !this.#take(/\s*,\s*/y)) throw this.#unreadable();
      args.push(this.expression());
    }
    return args;
  }

  #literal(): Json {
    const text = this.#take(TEXT);
    // `\{` and `\}` stay: they are for States.Format to read.
    if (text) return (text[1] ?? '').replaceAll(/\\([^{}])/g, '$1');
    const number = this.#take(NUMBER);
    if (number) return Number(number[0]);
    if (this.#take(NULL)) return null;
    throw this.#unreadable();
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #unreadable() {
    return notSupported(`The intrinsic function call '${this.#text}'`);
  }
}
