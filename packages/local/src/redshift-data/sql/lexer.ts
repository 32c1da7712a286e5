export type TokenKind = 'space' | 'comment' | 'string' | 'identifier' | 'word' | 'number' | 'placeholder' | 'symbol';

/** A piece of SQL; all tokens together are the text again. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset in the SQL, in UTF-16 units. */
  readonly start: number;
}

/** Tried in this order at each place; what is not closed reaches to the end, and PostgreSQL will complain about it. */
const RULES: readonly (readonly [TokenKind, RegExp])[] = [
  ['space', /\s+/y],
  ['comment', /--[^\n\r]*/y],
  ['string', /[eEnN]?'[^'\\]*(?:(?:''|\\[^])[^'\\]*)*(?:'|$)/y],
  ['string', /(?:[bBxX]|[uU]&)'[^']*(?:''[^']*)*(?:'|$)/y],
  ['string', /\$((?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?)\$[^]*?(?:\$\1\$|$)/y],
  ['identifier', /(?:[uU]&)?"[^"]*(?:""[^"]*)*(?:"|$)/y],
  ['word', /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y],
  ['symbol', /::|:=|\$\d+/y],
  ['placeholder', /:\w+/y],
  ['symbol', /[^]/y],
];

/**
 * Cuts SQL into tokens by PostgreSQL's lexical rules, plus `:name` placeholders. As in Redshift, a backslash escapes in every
 * string, not only in `E'…'`.
 */
export const tokenize = (sql: string): Token[] => {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length; at += tokens.at(-1)?.text.length ?? 0) tokens.push(tokenAt(sql, at));
  return tokens;
};

const isSignificant = ({ kind }: Token): boolean => kind !== 'space' && kind !== 'comment';

/** The tokens that mean something: no space, no comments. */
export const significantTokens = (sql: string): Token[] => tokenize(sql).filter(isSignificant);

/** The first of them; what follows is not read. */
export const firstSignificant = (sql: string): Token | undefined => {
  for (let at = 0; at < sql.length; ) {
    const token = tokenAt(sql, at);
    if (isSignificant(token)) return token;
    at += token.text.length;
  }
  return undefined;
};

const tokenAt = (sql: string, start: number): Token => {
  if (sql.startsWith('/*', start))
    return { kind: 'comment', text: sql.slice(start, blockCommentEnd(sql, start)), start };
  for (const [kind, rule] of RULES) {
    rule.lastIndex = start;
    const text = rule.exec(sql)?.[0];
    if (text) return { kind, text, start };
  }
  throw new RangeError(`No token at ${start}`);
};

/** Block comments nest. */
const blockCommentEnd = (sql: string, start: number): number => {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  for (let depth = 0; ; ) {
    const found = mark.exec(sql);
    if (!found) return sql.length;
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
};
