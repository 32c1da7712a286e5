import { countablePart, datePart } from './date-parts.ts';
import type { Token } from './lexer.ts';
import { notOnTheStage } from './refused.ts';
import { isText, splitAtCommas, TokenReader } from './token-reader.ts';
import { tokensAt } from './token-text.ts';

interface Call {
  readonly name: string;
  /** Where the user has written it. */
  readonly at: number;
  /** Translated already. */
  readonly args: readonly (readonly Token[])[];
  /** Stands behind the arguments; what belongs to the call as well is to be passed. */
  readonly rest: TokenReader;
}

type Rewrite = (call: Call) => readonly Token[];

/** Translates calls of functions that PostgreSQL writes otherwise. All others stay. */
export const rewriteCalls = (tokens: readonly Token[]): Token[] => {
  const result: Token[] = [];
  const rest = new TokenReader(tokens);
  for (let token = rest.next(); token; token = rest.next()) {
    const name = isCallable(token, result.at(-1)) ? token.text.toLowerCase() : '';
    const rewrite = REWRITES.get(name);
    const inner = rewrite && rest.parenthesized();
    if (!inner) result.push(token);
    else result.push(...rewrite({ name, at: token.start, args: splitAtCommas(rewriteCalls(inner)), rest }));
  }
  return result;
};

/** A name of a relation or column may be followed by a list of columns too. */
const isCallable = ({ kind }: Token, previous: Token | undefined): boolean =>
  kind === 'word' && !['.', 'INTO', 'TABLE', 'JOIN', 'REFERENCES', 'AS'].some((text) => isText(previous, text));

/** SQL with the arguments in place of `$0`, `$1`, … */
const build = (at: number, template: string, parts: readonly (readonly Token[])[] = []): Token[] =>
  template
    .split(/(\$\d+)/)
    .flatMap((piece) => (/^\$\d+$/.test(piece) ? (parts[Number(piece.slice(1))] ?? []) : tokensAt(at, piece)));

const list = (args: readonly (readonly Token[])[], from = 0): string =>
  args
    .map((_, i) => `$${i}`)
    .slice(from)
    .join(', ');

const renamed =
  (to: string): Rewrite =>
  ({ at, args }) =>
    build(at, `${to}(${list(args)})`, args);

const nvl2: Rewrite = ({ name, at, args }) =>
  args.length === 3
    ? build(at, 'case when ($0) is not null then $1 else $2 end', args)
    : build(at, `${name}(${list(args)})`, args);

/** Unlike `case x when`, finds a NULL. */
const decode: Rewrite = ({ name, at, args }) => {
  if (args.length < 3) return build(at, `${name}(${list(args)})`, args);
  // What is searched for is written once for each value.
  if (args[0]?.some((token) => isText(token, 'RANDOM'))) throw notOnTheStage('DECODE of RANDOM()');
  let template = 'case';
  for (let i = 1; i + 1 < args.length; i += 2) template += ` when ($0) is not distinct from ($${i}) then $${i + 1}`;
  return build(at, `${template}${args.length % 2 === 0 ? ` else $${args.length - 1}` : ''} end`, args);
};

const onCountablePart =
  (to: string): Rewrite =>
  ({ name, at, args }) => {
    const part = countablePart(args[0] ?? []);
    if (part === undefined) throw notOnTheStage(`${name.toUpperCase()} by other than the name of a date part`);
    return build(at, `${to}('${part}'::text, ${list(args, 1)})`, args);
  };

const pgDatePart: Rewrite = ({ name, at, args }) => {
  const part = datePart(args[0] ?? []);
  if (part === undefined) throw notOnTheStage(`${name.toUpperCase()} of other than a named date part`);
  return build(at, `pgdate_part('${part}'::text, ${list(args, 1)})`, args);
};

const extract: Rewrite = ({ at, args: [arg = []] }) => {
  const part = datePart(arg.slice(0, 1));
  if (part === undefined || !isText(arg[1], 'FROM')) throw notOnTheStage('EXTRACT of other than a named date part');
  return build(at, `date_part('${part}'::text, $0, true)`, [arg.slice(2)]);
};

const convert: Rewrite = ({ at, args }) => build(at, 'cast($1 as $0)', args);

/** The order stands inside in PostgreSQL, and in a window, whose aggregates take none, it is the window's. */
const listagg: Rewrite = ({ at, args: [value = [], delimiter = tokensAt(at, "''")], rest }) => {
  const order = rest.take('WITHIN', 'GROUP') ? (rest.parenthesized() ?? []) : [];
  const window = rest.take('OVER') ? rewriteCalls(rest.parenthesized() ?? []) : undefined;
  const isDistinct = isText(value[0], 'DISTINCT');
  const parts = [isDistinct ? value.slice(1) : value, delimiter, rewriteCalls(order), window ?? []];
  // DISTINCT goes with an order by the same text only, which is another order than that of numbers.
  const text = isDistinct && order.length > 0 ? 'redshift_only_text($0)' : '($0)::text';
  const call = `pg_catalog.postgres_string_agg(${isDistinct ? 'distinct ' : ''}${text}, $1`;
  if (!window) return build(at, `listagg(${call} $2))`, isDistinct ? withTextOrder(parts, at) : parts);
  if (order.length === 0) return build(at, `listagg(${call}) over ($3))`, parts);
  return build(at, `listagg(${call}) over ($3 $2 rows between unbounded preceding and unbounded following))`, parts);
};

const withTextOrder = (parts: readonly (readonly Token[])[], at: number): readonly (readonly Token[])[] => {
  const [value = [], delimiter = [], order = [], window = []] = parts;
  const isByValue = order.length >= 2 && value.every(({ text }, i) => order[i + 2]?.text === text);
  if (!isByValue) return parts;
  const direction = order.slice(2 + value.length);
  return [value, delimiter, build(at, 'order by redshift_only_text($0) $1', [value, direction]), window];
};

const percentile: Rewrite = ({ at, args, rest }) => {
  const order = rest.take('WITHIN', 'GROUP') ? new TokenReader(rest.parenthesized() ?? []) : undefined;
  if (!order?.take('ORDER', 'BY') || rest.sees('OVER')) throw notOnTheStage('PERCENTILE_CONT over a window');
  const value: Token[] = [];
  while (order.current && !order.sees('ASC') && !order.sees('DESC')) value.push(order.next() as Token);
  const direction: Token[] = [];
  while (order.current) direction.push(order.next() as Token);
  const parts = [args.flat(), rewriteCalls(value), direction];
  return build(at, 'percentile_cont($0) within group (order by redshift_double($1) $2)', parts);
};

const refused: Rewrite = ({ name }) => {
  throw notOnTheStage(name.toUpperCase());
};

const REWRITES: ReadonlyMap<string, Rewrite> = new Map<string, Rewrite>([
  ['nvl', renamed('coalesce')],
  ['nvl2', nvl2],
  ['decode', decode],
  ['dateadd', onCountablePart('date_add')],
  ['date_add', onCountablePart('date_add')],
  ['datediff', onCountablePart('date_diff')],
  ['date_diff', onCountablePart('date_diff')],
  ['date_part', pgDatePart],
  ['pgdate_part', pgDatePart],
  ['extract', extract],
  ['convert', convert],
  ['listagg', listagg],
  ['percentile_cont', percentile],
  // Also a keyword of newer PostgreSQL, which means something else there.
  ['json_serialize', renamed('"json_serialize"')],
  ...[
    'json_array',
    'json_object',
    'json_scalar',
    'json_value',
    'json_query',
    'json_exists',
    'json_table',
    'json_arrayagg',
  ]
    .concat(['json_objectagg', 'ratio_to_report', 'array', 'array_flatten', 'split_to_array', 'object', 'json_size'])
    .map((name) => [name, refused] as const),
]);
