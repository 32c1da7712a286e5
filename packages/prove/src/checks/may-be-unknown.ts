import type { Account } from '../account/account.ts';
import { REMEMBERED_MS } from '../account/redshift.ts';

/** Whether nobody can tell what became of a start: no statement has its name, or it began longer ago than one is remembered. */
export const mayBeUnknown = (statementName: string, { redshift, world }: Account): boolean =>
  redshift.statements
    .filter(({ name }) => name === statementName)
    .every(({ acceptedAt }) => world.time.now - acceptedAt >= REMEMBERED_MS);
