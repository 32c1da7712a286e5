import { names, type StartRequest } from '@sfn-redshift/shared';
import { checkSweepKeeps } from './check-sweep-keeps.ts';
import { type Claim, type ClaimRequest, refuseUncertain } from './claim.ts';
import { claimRetry, isRetry } from './claim-retry.ts';
import { claimStatement } from './claim-statement.ts';
import type { InvokerDependencies } from './dependencies.ts';
import { executeStatement } from './execute-statement.ts';
import { executionEnd, type Invocation, waitEnd } from './invocation.ts';
import { isOfOtherTarget, itemOf } from './new-item.ts';
import { logged, noteStatement } from './note-statement.ts';
import { reportEnd } from './report-end.ts';
import { answerOf, type StartedStatement } from './start-answer.ts';

const ELSEWHERE = 'on another cluster or database, or as another user, before the stack was updated';

/**
 * Starts the statement of a request, once: claim → execute → note.
 * @throws what a claim throws, and what the Data API answers; InvalidRequest for what the sweep could not keep
 */
export const startStatement = async (
  request: StartRequest,
  invocation: Invocation,
  dependencies: InvokerDependencies,
): Promise<StartedStatement> => {
  const { config, now } = dependencies;
  checkSweepKeeps(request, config);
  const executeUntil = executionEnd(invocation, now());
  const claim = await claimOf(request, invocation, dependencies);
  if (claim.type !== 'claimed') {
    await answerOld(claim, executeUntil, dependencies);
    return answerOf(claim.item, config);
  }
  return await runClaim(request, claim, executeUntil, { invocation, dependencies });
};

/**
 * Executes what was claimed, and notes it.
 * @throws what the Data API answers; StartInProgress, StartUncertain
 */
export const runClaim = async (
  request: StartRequest,
  claim: Extract<Claim, { type: 'claimed' }>,
  executeUntil: number,
  { invocation, dependencies }: { readonly invocation: Invocation; readonly dependencies: InvokerDependencies },
): Promise<StartedStatement> => {
  const { config } = dependencies;
  // A ClientToken holds back a second start on its own cluster only, as far as is known.
  if (isOfOtherTarget(claim.item, config)) return refuseUncertain(claim.item, dependencies, ELSEWHERE);
  const { id, sessionId } = await executeStatement(request, claim, executeUntil, dependencies);
  const { session } = claim.item;
  const started = { ...claim.item, statementId: id, ...(session && sessionId && { session: { id: sessionId } }) };
  dependencies.telemetry.count(names.METRICS.statementStarted);
  dependencies.telemetry.info('statement started', logged(started));
  await noteStatement(started, invocation, dependencies);
  return answerOf(started, config);
};

const claimOf = async (
  request: StartRequest,
  invocation: Invocation,
  dependencies: InvokerDependencies,
): Promise<Claim> => {
  const { now } = dependencies;
  const item = itemOf(request, invocation, dependencies);
  const claiming: ClaimRequest = {
    item,
    onRetry: request.onRetry ?? 'adopt',
    isShared: request.idempotencyKey !== undefined,
    waitUntil: waitEnd(invocation, now()),
  };
  const byAttempt = !claiming.isShared && isRetry(item);
  return await (byAttempt ? claimRetry(claiming, dependencies) : claimStatement(claiming, dependencies));
};

/** What there is to do for a statement that this request did not start. */
const answerOld = async (
  claim: Exclude<Claim, { type: 'claimed' }>,
  until: number,
  dependencies: InvokerDependencies,
): Promise<void> => {
  const { telemetry } = dependencies;
  const isRepeat = claim.type === 'repeated';
  telemetry.count(isRepeat ? names.METRICS.startRepeated : names.METRICS.statementAdopted);
  telemetry.info(isRepeat ? 'statement was started before' : 'statement was adopted', logged(claim.item));
  if (claim.type === 'reopened') await reportEnd(claim.item, claim.ended, until, dependencies);
};
