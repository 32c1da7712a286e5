import type { Token } from './lexer.ts';
import { notInRedshift, notOnTheStage } from './refused.ts';
import { isText, nameOf, TokenReader } from './token-reader.ts';
import { tokensAt } from './token-text.ts';

/** VACUUM, ANALYZE and TRUNCATE in their Redshift forms, and views without schema binding. */
export const rewriteMaintenance = (tokens: readonly Token[]): readonly Token[] => {
  if (isText(tokens[0], 'VACUUM')) return vacuum(tokens);
  if (isText(tokens[0], 'ANALYZE')) return analyze(tokens);
  if (isText(tokens[0], 'TRUNCATE')) checkTruncate(tokens);
  if (isText(tokens[0], 'CREATE')) return withoutSchemaBinding(tokens);
  if (isText(tokens[0], 'DELETE')) return withFrom(tokens);
  if (isText(tokens[0], 'SET') || isText(tokens[0], 'RESET')) return withOwnSetting(tokens);
  return tokens;
};

/** Redshift can do without the word. */
const withFrom = (tokens: readonly Token[]): readonly Token[] => {
  const [word, second] = tokens;
  if (!word || !second || isText(second, 'FROM')) return tokens;
  return [word, ...tokensAt(second.start, 'from'), ...tokens.slice(1)];
};

/** Settings of Redshift that change no result. */
const SETTINGS = [
  'QUERY_GROUP',
  'ENABLE_RESULT_CACHE_FOR_SESSION',
  'WLM_QUERY_SLOT_COUNT',
  'ANALYZE_THRESHOLD_PERCENT',
].concat(['MV_ENABLE_AQMV_FOR_SESSION']);

const withOwnSetting = (tokens: readonly Token[]): readonly Token[] =>
  tokens.flatMap((token, i) =>
    i > 0 && i < 3 && SETTINGS.some((name) => isText(token, name))
      ? [...tokensAt(token.start, 'redshift.'), token]
      : [token],
  );

const KINDS = [['FULL'], ['SORT', 'ONLY'], ['DELETE', 'ONLY'], ['REINDEX'], ['RECLUSTER']];

/** How much is done matters to nobody here. */
const vacuum = (tokens: readonly Token[]): Token[] => {
  const reader = new TokenReader(tokens);
  const word = reader.next() as Token;
  KINDS.find((kind) => reader.take(...kind));
  const table: Token[] = [];
  while (reader.current && !reader.sees('TO') && !reader.sees('BOOST') && !reader.sees(';'))
    table.push(reader.next() as Token);
  if (table.some((token) => isText(token, '('))) throw notInRedshift('VACUUM with options in parentheses');
  return [word, ...table];
};

const analyze = (tokens: readonly Token[]): readonly Token[] => {
  if (isText(tokens[1], 'VERBOSE')) throw notOnTheStage('ANALYZE VERBOSE');
  const end = tokens.findIndex(
    (token, i) => (isText(token, 'PREDICATE') || isText(token, 'ALL')) && isText(tokens[i + 1], 'COLUMNS'),
  );
  return end < 0 ? tokens : tokens.slice(0, end);
};

const checkTruncate = (tokens: readonly Token[]): void => {
  const extra = tokens.find((token) =>
    [',', 'CASCADE', 'RESTRICT', 'RESTART', 'CONTINUE', 'ONLY'].some((word) => isText(token, word)),
  );
  if (extra) throw notInRedshift(`TRUNCATE with ${extra.text.toUpperCase()}`);
};

/** Such a view outlives its tables; PostgreSQL cannot do that, but what it returns is the same. */
const withoutSchemaBinding = (tokens: readonly Token[]): readonly Token[] => {
  const isView = tokens.slice(0, 6).some((token) => isText(token, 'VIEW'));
  const at = tokens.findLastIndex(
    (token, i) => isText(token, 'WITH') && isText(tokens[i + 1], 'NO') && isText(tokens[i + 2], 'SCHEMA'),
  );
  return isView && at >= 0 ? tokens.slice(0, at) : tokens;
};

/** `SELECT … INTO "#t"` makes a temporary table. */
export const rewriteIntoTemporary = (tokens: readonly Token[]): Token[] =>
  tokens.flatMap((token, i) => {
    const into = tokens[i - 1];
    const isTarget = token.kind === 'identifier' && nameOf(token).startsWith('#') && isText(into, 'INTO');
    const isSelect = !isText(tokens[i - 2], 'INSERT') && !isText(tokens[i - 2], 'MERGE');
    return isTarget && isSelect ? [...tokensAt(token.start, 'temp'), token] : [token];
  });

const MERGE_BRANCH = ['WHEN', 'MATCHED', 'THEN'];

/** Both branches, once each and without conditions of their own. */
export const checkMerge = (tokens: readonly Token[]): void => {
  if (!isText(tokens[0], 'MERGE')) return;
  const whens = tokens.flatMap((token, i) => (isText(token, 'WHEN') ? [tokens.slice(i, i + 5)] : []));
  const has = (words: readonly string[], actions: readonly string[]) =>
    whens.some(
      (when) =>
        words.every((word, i) => isText(when[i], word)) && actions.some((action) => isText(when[words.length], action)),
    );
  const isBoth =
    whens.length === 2 &&
    has(MERGE_BRANCH, ['UPDATE', 'DELETE']) &&
    has(['WHEN', 'NOT', 'MATCHED', 'THEN'], ['INSERT']);
  if (!isBoth) throw notInRedshift('MERGE without exactly one WHEN MATCHED THEN and one WHEN NOT MATCHED THEN INSERT');
};
