import type { Account } from '../account/account.ts';
import type { Statement } from '../account/redshift.ts';
import { LABEL, valuesOf } from '../account/rows.ts';

/** The lines that the object of a statement consists of. */
export const linesOf = ({ gives, number }: Statement): string =>
  valuesOf(gives, number)
    .map((value) => `${JSON.stringify({ [LABEL]: value })}\n`)
    .join('');

/** Its object's name. */
export const objectKeyOf = ({ id }: Statement): string => `${id}.jsonl`;

/** Invariant 2: whenever an object is written, it has all rows of its own statement, and those only. */
export const checkStored = (key: string, content: string, { redshift, world }: Account): void => {
  const statement = redshift.statements.find((other) => objectKeyOf(other) === key);
  if (!statement) world.findings.add(2, `object ${key} is of no statement`);
  else if (content !== linesOf(statement)) world.findings.add(2, `object ${key} has other lines than its statement`);
};
