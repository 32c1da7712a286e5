import { clientTokenOf, names } from '@sfn-redshift/shared';
import type { Account } from '../account/account.ts';
import type { Sandbox } from '../sandbox.ts';

/** Errors that an invoker passes on when a start was refused for good. */
const REFUSALS: readonly string[] = [
  'ValidationException',
  names.ERROR_NAMES.sessionBusy,
  names.ERROR_NAMES.sessionGone,
];

/**
 * Invariant 1: who is told that a start was refused for good may try again at once, as the claim of that is closed; and (2) a
 * session that is called gone is closed, or was never there.
 */
export const checkRefusal = (error: unknown, invoker: Sandbox, from: number, account: Account): void => {
  const { claims, history, redshift, world } = account;
  const { name } = error as Error;
  if (!REFUSALS.includes(name)) return;
  const { identity } = invoker.request ?? {};
  if (name === names.ERROR_NAMES.sessionGone) checkGone(String(error), account);
  const claim = claims.get(identity ?? '');
  if (!claim || invoker.faulted.length > 0 || claim.status !== 'starting') return;
  const { generation, startGeneration = generation } = claim;
  const written = history.of(claim.statementName);
  // A repeat that runs beside it may have claimed it anew by now.
  const own = written.find(({ at }) => at >= from)?.item;
  const isFirst = written.find(({ item }) => item.generation === startGeneration)?.item === own;
  const isItsOwn = isFirst && own?.claimant === claim.claimant;
  const ran = redshift.statements.some(({ clientToken }) => clientToken === clientTokenOf(claim));
  if (isItsOwn && !ran) world.findings.add(1, `${invoker.name} passes on ${name}, but leaves its claim open`);
};

const checkGone = (text: string, { redshift, world }: Account): void => {
  const [id] = /\b9{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/.exec(text) ?? [];
  const status = redshift.sessions.find(id)?.status ?? 'CLOSED';
  if (status !== 'CLOSED') world.findings.add(2, `a session is said to be gone that is ${status}`);
};
