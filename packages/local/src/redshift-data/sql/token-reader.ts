import { significantTokens, type Token } from './lexer.ts';

/** Walks over the tokens of a statement; keywords are compared without regard to case. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  static of(sql: string): TokenReader {
    return new TokenReader(significantTokens(sql));
  }

  get current(): Token | undefined {
    return this.#tokens[this.#at];
  }

  /** Where the last token passed ends. */
  get passedTo(): number {
    const last = this.#tokens[this.#at - 1];
    return last ? endOf(last) : 0;
  }

  next(): Token | undefined {
    return this.#tokens[this.#at++];
  }

  /** Whether the next tokens are these keywords or symbols. */
  sees(...texts: readonly string[]): boolean {
    return texts.every((text, i) => isText(this.#tokens[this.#at + i], text));
  }

  /** Passes these keywords or symbols, if they are the next ones. */
  take(...texts: readonly string[]): boolean {
    const seen = this.sees(...texts);
    if (seen) this.#at += texts.length;
    return seen;
  }

  /** The tokens between a parenthesis that comes next and the one that closes it; undefined when none comes or none closes. */
  parenthesized(): readonly Token[] | undefined {
    if (!this.sees('(')) return undefined;
    const close = closingParenthesis(this.#tokens, this.#at);
    if (close < 0) return undefined;
    const inner = this.#tokens.slice(this.#at + 1, close);
    this.#at = close + 1;
    return inner;
  }
}

export const isText = (token: Token | undefined, text: string): boolean =>
  token !== undefined &&
  (token.kind === 'word' || token.kind === 'symbol') &&
  token.text.toUpperCase() === text.toUpperCase();

export const endOf = (token: Token): number => token.start + token.text.length;

const closingParenthesis = (tokens: readonly Token[], open: number): number => {
  let depth = 0;
  return tokens.findIndex((token, i) => {
    if (i < open) return false;
    if (isText(token, '(')) depth += 1;
    if (isText(token, ')')) depth -= 1;
    return depth === 0;
  });
};

/** Cuts at the commas that stand in no parentheses. */
export const splitAtCommas = (tokens: readonly Token[]): Token[][] => {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isText(token, '(')) depth += 1;
    if (isText(token, ')')) depth -= 1;
    if (depth === 0 && isText(token, ',')) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
};

/** The name that an identifier stands for: without quotes, in lower case if it has none. */
export const nameOf = ({ kind, text }: Token): string =>
  kind === 'identifier' ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();

/** The text that a string constant stands for; undefined for other than plain ones. */
export const stringValueOf = (token: Token | undefined): string | undefined =>
  token?.kind === 'string' && token.text.startsWith("'") ? token.text.slice(1, -1).replaceAll("''", "'") : undefined;
