/** Gives the value of a policy variable, such as `aws:PrincipalArn`; undefined when the request has none. */
export type ResolveVariable = (key: string) => string | undefined;

/** A text of a policy with wildcards and variables, read once. */
export interface Pattern {
  /** As the policy has it. */
  readonly text: string;
  /** False also when a variable has no value: nothing is like it. */
  readonly matches: (value: string, resolve: ResolveVariable) => boolean;
}

export interface Variable {
  readonly key: string;
  readonly fallback: string | undefined;
}

type Token = { readonly text: string } | { readonly variable: Variable } | 'any' | 'one';

const VARIABLE = /^\$\{([^}]*)\}/;

/** `${aws:userid}` or `${aws:userid, 'default'}`; `${*}`, `${?}` and `${$}` stand for the character itself. */
const variableToken = (expression: string): Token => {
  if (expression === '*' || expression === '?' || expression === '$') return { text: expression };
  const [, key = expression, fallback] = /^([^,]*),\s*'(.*)'\s*$/s.exec(expression) ?? [];
  return { variable: { key: key.trim(), fallback } };
};

const tokenize = (pattern: string, hasVariables: boolean): readonly Token[] => {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const found = hasVariables && pattern.startsWith('${', at) ? VARIABLE.exec(pattern.slice(at)) : null;
    tokens.push(found ? variableToken(found[1] ?? '') : characterToken(pattern.charAt(at)));
    at += found ? found[0].length : 1;
  }
  return tokens;
};

const characterToken = (character: string): Token =>
  character === '*' ? 'any' : character === '?' ? 'one' : { text: character };

const isVariable = (token: Token): token is { readonly variable: Variable } =>
  typeof token === 'object' && 'variable' in token;

/** The variables of a text, in the order in which they come. */
export const variablesIn = (text: string): readonly Variable[] =>
  tokenize(text, true)
    .filter(isVariable)
    .map(({ variable }) => variable);

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Tokens with the variables filled in, whose values hold no wildcards; undefined when one has no value. */
type Filled = readonly FilledToken[];
type FilledToken = Exclude<Token, { readonly variable: Variable }>;

const fill = (tokens: readonly Token[], resolve: ResolveVariable): Filled | undefined => {
  const filled: FilledToken[] = [];
  for (const token of tokens) {
    const text = isVariable(token) ? (resolve(token.variable.key) ?? token.variable.fallback) : undefined;
    if (!isVariable(token)) filled.push(token);
    else if (text === undefined) return undefined;
    else filled.push({ text });
  }
  return filled;
};

/** Tests are built once for texts without variables, and at each request for those with some. */
const pattern = (
  text: string,
  hasVariables: boolean,
  build: (filled: Filled) => (value: string) => boolean,
): Pattern => {
  const tokens = tokenize(text, hasVariables);
  if (!tokens.some(isVariable)) return { text, matches: build(fill(tokens, () => undefined) ?? []) };
  const matches = (value: string, resolve: ResolveVariable) => {
    const filled = fill(tokens, resolve);
    return filled !== undefined && build(filled)(value);
  };
  return { text, matches };
};

/** The text as it stands: wildcards are letters like others. */
export const exactly = (text: string, hasVariables: boolean): Pattern =>
  pattern(text, hasVariables, (filled) => {
    const whole = filled.map((token) => (token === 'any' ? '*' : token === 'one' ? '?' : token.text)).join('');
    return (value) => value === whole;
  });

export const exactlyInAnyCase = (text: string, hasVariables: boolean): Pattern => {
  const { matches } = exactly(text.toLowerCase(), hasVariables);
  return { text, matches: (value, resolve) => matches(value.toLowerCase(), (key) => resolve(key)?.toLowerCase()) };
};

const like = (filled: Filled, flags: string): ((value: string) => boolean) => {
  const source = filled.map((token) => (token === 'any' ? '.*' : token === 'one' ? '.' : escaped(token.text))).join('');
  const expression = new RegExp(`^${source}$`, `s${flags}`);
  return (value) => expression.test(value);
};

/** `*` stands for any run of characters, `?` for one. */
export const likeText = (text: string, hasVariables: boolean): Pattern =>
  pattern(text, hasVariables, (filled) => like(filled, ''));

/** Actions know no upper and lower case, and no variables. */
export const likeAction = (text: string): Pattern => pattern(text, false, (filled) => like(filled, 'i'));

/** An ARN has five colons before its resource part, in which further colons may come. */
const COLONS_BEFORE_RESOURCE = 5;

/**
 * As for text, but a wildcard stays within its part of the ARN; only one at the very end of a shorter pattern
 * (`*`, `arn:aws:sqs:*`) reaches over the colons that follow.
 */
export const likeArn = (text: string, hasVariables: boolean): Pattern =>
  pattern(text, hasVariables, (filled) => {
    let colons = 0;
    const source = filled.map((token, index) => {
      if (typeof token === 'object') {
        colons += token.text.split(':').length - 1;
        return escaped(token.text);
      }
      const isFree = colons >= COLONS_BEFORE_RESOURCE || (token === 'any' && index === filled.length - 1);
      return `${isFree ? '.' : '[^:]'}${token === 'any' ? '*' : ''}`;
    });
    const expression = new RegExp(`^${source.join('')}$`, 's');
    return (value) => expression.test(value);
  });
