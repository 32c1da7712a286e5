import type { Account } from '../account/account.ts';
import type { Statement } from '../account/redshift.ts';
import { LABEL, valuesOf } from '../account/rows.ts';

/** The lines that an object consists of; of a batch's statement by its index. */
export const linesOf = ({ gives, number }: Statement, index = 0): string =>
  valuesOf(gives, { number, index })
    .map((value) => `${JSON.stringify({ [LABEL]: value })}\n`)
    .join('');

/** The name of the object; of a batch's statement by its index. */
export const objectKeyOf = ({ id, batch }: Statement, index = 0): string =>
  batch ? `${id}-${index + 1}.jsonl` : `${id}.jsonl`;

/** Invariant 2: whenever an object is written, it has all rows of its own statement, and those only. */
export const checkStored = (key: string, content: string, { redshift, world }: Account): void => {
  const find = (what: string) => world.findings.add(2, `object ${key} ${what}`);
  const statement = redshift.statements.find(({ id }) => key.startsWith(id));
  const count = statement?.batch?.sqls.length ?? 1;
  const index = Array.from({ length: count }).findIndex((_, at) => statement && objectKeyOf(statement, at) === key);
  if (!statement || index < 0) find('is of no statement');
  else if (content !== linesOf(statement, index)) find('has other lines than its statement');
};
