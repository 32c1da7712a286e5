import { createTableEdits } from './create-table.ts';
import { significantTokens, type Token } from './lexer.ts';
import { notInRedshift, notOnTheStage } from './refused.ts';
import { isText, splitAtCommas, TokenReader } from './token-reader.ts';
import { editTokens, renderTokens, tokensAt } from './token-text.ts';

type Translate = (tokens: readonly Token[]) => readonly Token[];

/**
 * CREATE PROCEDURE and CREATE FUNCTION: their text is translated as well; OUT arguments, which a CALL does not mention,
 * get a default; TRUNCATE commits.
 *
 * @param translate what is done to queries
 * @throws RedshiftError for languages and forms that Redshift or the stage does not have
 */
export const rewriteRoutine = (tokens: readonly Token[], translate: Translate): readonly Token[] => {
  const reader = new TokenReader(tokens);
  if (!reader.take('CREATE')) return tokens;
  reader.take('OR', 'REPLACE');
  const isProcedure = reader.sees('PROCEDURE');
  if (!isProcedure && !reader.sees('FUNCTION')) return tokens;
  checkLanguage(tokens, isProcedure ? 'PLPGSQL' : 'SQL');
  const withBody = tokens.flatMap((token) => (isBody(token) ? [translateBody(token, translate)] : [token]));
  return isProcedure ? withOutDefaults(withBody) : withBody;
};

const isBody = ({ kind, text }: Token): boolean => kind === 'string' && text.startsWith('$');

const checkLanguage = (tokens: readonly Token[], expected: string): void => {
  const at = tokens.findIndex((token) => isText(token, 'LANGUAGE'));
  const language = tokens[at + 1]?.text.toUpperCase() ?? '';
  if (tokens.some((token) => isText(token, 'NONATOMIC'))) throw notOnTheStage('NONATOMIC');
  if (language === 'PLPYTHONU') throw notOnTheStage('LANGUAGE plpythonu');
  if (at < 0 || language !== expected) throw notInRedshift(`LANGUAGE ${language.toLowerCase() || '(none)'} here`);
};

const translateBody = (token: Token, translate: Translate): Token => {
  const [quote = '$$'] = /^\$\w*\$/.exec(token.text) ?? [];
  const body = token.text.slice(quote.length, -quote.length);
  const source = significantTokens(body);
  const translated = commitAfterTruncate(translate(withTableAttributes(source)));
  return { ...token, text: `${quote}${renderTokens(body, source, translated).text}${quote}` };
};

/** CREATE TABLE inside is cut out, from its word to its end, and translated as such. */
const withTableAttributes = (tokens: readonly Token[]): Token[] => {
  const edits = tokens.flatMap((token, i) => {
    if (!isText(token, 'CREATE')) return [];
    const end = tokens.findIndex((other, n) => n > i && isText(other, ';'));
    return createTableEdits(tokens.slice(i, end < 0 ? undefined : end));
  });
  return editTokens(tokens, edits);
};

const commitAfterTruncate = (tokens: readonly Token[]): Token[] => {
  const result: Token[] = [];
  let isTruncate = false;
  for (const [i, token] of tokens.entries()) {
    if (isText(token, 'TRUNCATE') && isBeginning(tokens[i - 1])) isTruncate = true;
    result.push(token);
    if (!isTruncate || !isText(token, ';')) continue;
    result.push(...tokensAt(token.start, 'commit;'));
    isTruncate = false;
  }
  return result;
};

const isBeginning = (previous: Token | undefined): boolean =>
  !previous || [';', 'BEGIN', 'THEN', 'ELSE', 'LOOP'].some((word) => isText(previous, word));

const withOutDefaults = (tokens: readonly Token[]): readonly Token[] => {
  const open = tokens.findIndex((token) => isText(token, '('));
  const reader = new TokenReader(tokens.slice(open));
  const inner = open < 0 ? undefined : reader.parenthesized();
  if (!inner || inner.length === 0) return tokens;
  const args = splitAtCommas(inner);
  const firstOut = args.findIndex(isOut);
  if (firstOut < 0) return tokens;
  if (!args.slice(firstOut).every(isOut)) throw notOnTheStage('an OUT argument before others');
  const changed = args.flatMap((arg, i) => [
    ...(i > 0 ? tokensAt(arg[0]?.start ?? 0, ',') : []),
    ...(i < firstOut ? arg : outDefault(arg)),
  ]);
  return [...tokens.slice(0, open + 1), ...changed, ...tokens.slice(open + 1 + inner.length)];
};

const isOut = (arg: readonly Token[]): boolean => arg.slice(0, 2).some((token) => isText(token, 'OUT'));

const outDefault = (arg: readonly Token[]): Token[] => [
  ...arg.flatMap((token, i) => (i < 2 && isText(token, 'OUT') ? tokensAt(token.start, 'inout') : [token])),
  ...tokensAt(arg.at(-1)?.start ?? 0, 'default null'),
];
