/** Gives the value of a policy variable, such as `aws:PrincipalArn`; undefined when the request has none. */
export type ResolveVariable = (key: string) => string | undefined;

/** Variables stay literal text: for policy versions before 2012-10-17. */
export const noVariables: unique symbol = Symbol('no variables');
export type Variables = ResolveVariable | typeof noVariables;

type Token = { readonly text: string } | 'any' | 'one';

const VARIABLE = /^\$\{([^}]*)\}/;

/** `aws:username` or `aws:username, 'default'`; `${*}`, `${?}` and `${$}` stand for the character itself. */
const variableValue = (expression: string, resolve: ResolveVariable): string | undefined => {
  if (expression === '*' || expression === '?' || expression === '$') return expression;
  const [key = '', fallback] = expression.split(',').map((part) => part.trim());
  return resolve(key) ?? fallback?.replace(/^'(.*)'$/, '$1');
};

/** Undefined when a variable has no value: such a pattern matches nothing. */
const tokenize = (pattern: string, variables: Variables): Token[] | undefined => {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const variable = variables === noVariables ? null : VARIABLE.exec(pattern.slice(at));
    if (variable && variables !== noVariables) {
      const text = variableValue(variable[1] ?? '', variables);
      if (text === undefined) return undefined;
      tokens.push({ text });
    } else tokens.push(wildcard(pattern.charAt(at)));
    at += variable ? variable[0].length : 1;
  }
  return tokens;
};

const wildcard = (character: string): Token =>
  character === '*' ? 'any' : character === '?' ? 'one' : { text: character };

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Does `value` equal `pattern`, variables filled in and wildcards taken as letters? */
export const equalsText = (pattern: string, value: string, variables: Variables): boolean =>
  tokenize(pattern, variables)
    ?.map((token) => (token === 'any' ? '*' : token === 'one' ? '?' : token.text))
    .join('') === value;

/** `*` stands for any run of characters, `?` for one. */
export const matchesText = (pattern: string, value: string, variables: Variables, flags = ''): boolean => {
  const tokens = tokenize(pattern, variables);
  if (!tokens) return false;
  const source = tokens.map((token) => (token === 'any' ? '.*' : token === 'one' ? '.' : escaped(token.text))).join('');
  return new RegExp(`^${source}$`, `s${flags}`).test(value);
};

/** Actions know no upper and lower case. */
export const matchesAction = (pattern: string, action: string): boolean =>
  matchesText(pattern, action, noVariables, 'i');

/** An ARN has five colons before its resource part, in which further colons may come. */
const COLONS_BEFORE_RESOURCE = 5;

/**
 * As for text, but a wildcard stays within its part of the ARN; only one at the very end of a shorter pattern
 * (`*`, `arn:aws:sqs:*`) reaches over the colons that follow.
 */
export const matchesArn = (pattern: string, arn: string, variables: Variables): boolean => {
  const tokens = tokenize(pattern, variables);
  if (!tokens) return false;
  let colons = 0;
  const source = tokens.map((token, index) => {
    if (typeof token === 'object') {
      colons += token.text.split(':').length - 1;
      return escaped(token.text);
    }
    const free = colons >= COLONS_BEFORE_RESOURCE || (token === 'any' && index === tokens.length - 1);
    return `${free ? '.' : '[^:]'}${token === 'any' ? '*' : ''}`;
  });
  return new RegExp(`^${source.join('')}$`, 's').test(arn);
};
