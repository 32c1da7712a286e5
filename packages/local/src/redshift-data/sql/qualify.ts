import type { Token } from './lexer.ts';
import { notOnTheStage } from './refused.ts';
import { aliasOf, clauseOf, type SelectBlock, selectBlocks, selectItems } from './select-block.ts';
import { isText, nameOf, splitAtCommas } from './token-reader.ts';
import { tokensAt } from './token-text.ts';
import { isName } from './words.ts';

/**
 * A query with QUALIFY becomes one around it that filters by the condition, which has become a column; what orders the
 * result becomes columns too. A whole table (`*`) goes through as one value.
 */
export const rewriteQualify = (tokens: readonly Token[]): Token[] => {
  let result = [...tokens];
  for (;;) {
    const block = selectBlocks(result).findLast(({ clauses }) => clauses.has('QUALIFY'));
    if (!block) return result;
    result = [...result.slice(0, block.start), ...rewriteBlock(result, block), ...result.slice(block.end)];
  }
};

/** A column of the inner query, under its own name, which the condition may use; and what the outer one shows of it. */
interface Column {
  readonly inner: readonly Token[];
  readonly outer: readonly Token[];
}

const rewriteBlock = (tokens: readonly Token[], block: SelectBlock): Token[] => {
  const at = (tokens[block.clauses.get('QUALIFY') as number] as Token).start;
  if (isText(tokens[block.start + 1], 'DISTINCT')) throw notOnTheStage('QUALIFY with DISTINCT');
  if (block.isJoined) throw notOnTheStage('QUALIFY in a set operation');
  const source = clauseOf(tokens, block, 'FROM');
  const columns = selectItems(tokens, block).flatMap((item) => columnsOf(item, source));
  const order = splitAtCommas(clauseOf(tokens, block, 'ORDER', 2)).filter((item) => item.length > 0);
  const orders = order.map((item) => orderBy(item, columns));
  const sql = (text: string) => tokensAt(at, text);
  const named = [...columns, ...orders.flatMap(({ column }) => (column ? [column] : []))];
  const inner = named.flatMap(({ inner }) => [...inner, ...sql(',')]);
  const names = named.map((_, i) => `qualified_${i + 1}, `).join('');
  const outer = columns.flatMap(({ outer }, i) => [...sql(i > 0 ? ',' : ''), ...replaceColumn(outer, i + 1, at)]);
  let extra = columns.length;
  const by = orders.flatMap(({ column, text, direction }, i) => [
    ...sql(i > 0 ? ', ' : 'order by '),
    ...sql(column ? `qualified.qualified_${++extra}` : (text ?? '')),
    ...direction,
  ]);
  return [
    ...sql('select'),
    ...outer,
    ...clauseWith(tokens, block, 'INTO'),
    ...sql('from (select'),
    ...inner,
    ...sql('('),
    ...clauseOf(tokens, block, 'QUALIFY'),
    ...sql(') as qualifies'),
    ...['FROM', 'WHERE', 'GROUP', 'HAVING'].flatMap((name) => clauseWith(tokens, block, name)),
    ...sql(`) as qualified (${names} qualifies) where qualified.qualifies`),
    ...by,
    ...['LIMIT', 'OFFSET'].flatMap((name) => clauseWith(tokens, block, name)),
  ];
};

const clauseWith = (tokens: readonly Token[], block: SelectBlock, name: string): readonly Token[] =>
  clauseOf(tokens, block, name, 0);

/** `qualified_0` in what is shown stands for the column's own name. */
const replaceColumn = (outer: readonly Token[], n: number, at: number): Token[] =>
  outer.flatMap((token) => (token.text === 'qualified_0' ? tokensAt(at, `qualified_${n}`) : [token]));

const columnsOf = (item: readonly Token[], source: readonly Token[]): Column[] => {
  const at = item[0]?.start ?? 0;
  if (item.length === 1 && isText(item[0], '*')) return relationsOf(source).map((name) => wholeRow(name, at));
  if (item.length === 3 && isText(item[1], '.') && isText(item[2], '*')) return [wholeRow(item[0] as Token, at)];
  const aliased = aliasOf(item);
  const name = aliased?.alias ?? nameFor(item);
  const outer = [...tokensAt(at, 'qualified.qualified_0 as'), name];
  return [{ inner: item, outer }];
};

const wholeRow = (name: Token, at: number): Column => ({
  inner: [name],
  outer: tokensAt(at, '(qualified.qualified_0).*'),
});

/** The name that the database would give: of a column or a call. */
const nameFor = (item: readonly Token[]): Token => {
  const first = item[0] as Token;
  const last = item.at(-1) as Token;
  const isColumn = item.every((token, i) => (i % 2 === 0 ? isName(token) : isText(token, '.')));
  if (isColumn) return last;
  if (isName(first) && isText(item[1], '(')) return { ...first, text: `"${nameOf(first)}"`, kind: 'identifier' };
  throw notOnTheStage('QUALIFY with an expression that has no name');
};

/** The names by which the tables of a FROM clause are known. */
const relationsOf = (source: readonly Token[]): Token[] => {
  const names: Token[] = [];
  let depth = 0;
  for (const [i, token] of source.entries()) {
    if (isText(token, '(')) depth += 1;
    if (isText(token, ')')) depth -= 1;
    if (depth > 0) continue;
    if (isText(token, 'USING') || isText(token, 'NATURAL')) throw notOnTheStage('QUALIFY with * and USING or NATURAL');
    if (i === 0 || isText(source[i - 1], 'JOIN') || (depth === 0 && isText(source[i - 1], ',')))
      names.push(relationAt(source, i));
  }
  if (isText(source[0], '(')) names.unshift(relationAt(source, 0));
  return names;
};

const AFTER_RELATION = [
  'WHERE',
  'JOIN',
  'INNER',
  'LEFT',
  'RIGHT',
  'FULL',
  'CROSS',
  'ON',
  ',',
  'GROUP',
  'HAVING',
  'QUALIFY',
];

const relationAt = (source: readonly Token[], start: number): Token => {
  let i = start;
  let depth = 0;
  let last: Token | undefined;
  for (; i < source.length; i += 1) {
    const token = source[i] as Token;
    if (isText(token, '(')) depth += 1;
    if (depth === 0 && AFTER_RELATION.some((word) => isText(token, word))) break;
    if (isText(token, ')')) depth -= 1;
    else if (depth === 0 && isName(token)) last = token;
  }
  if (!last || isText(source[i - 1], ')')) throw notOnTheStage('QUALIFY with * of a subquery without a name');
  return last;
};

interface OrderItem {
  /** One of its own, or what the outer query may be ordered by as it stands. */
  readonly column?: Column;
  readonly text?: string;
  readonly direction: readonly Token[];
}

const orderBy = (item: readonly Token[], columns: readonly Column[]): OrderItem => {
  const end = item.findIndex((token) => ['ASC', 'DESC', 'NULLS'].some((word) => isText(token, word)));
  const value = end < 0 ? item : item.slice(0, end);
  const direction = end < 0 ? [] : item.slice(end);
  const [only] = value;
  if (value.length === 1 && only?.kind === 'number') return { text: only.text, direction };
  const same = value.length === 1 && only && isName(only) ? indexOfName(columns, nameOf(only)) : -1;
  if (same >= 0) return { text: `qualified.qualified_${same + 1}`, direction };
  return { column: { inner: value, outer: [] }, direction };
};

const indexOfName = (columns: readonly Column[], name: string): number =>
  columns.findIndex(({ outer }) => isName(outer.at(-1)) && nameOf(outer.at(-1) as Token) === name);
