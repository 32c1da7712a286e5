import { randomUUID } from 'node:crypto';
import {
  encodeStatementName,
  lockOf,
  names,
  pick,
  type SingletonPlace,
  type StartRequest,
  shortSqlOf,
  sqlCommentOf,
  sqlsOf,
  TASK_WISHES,
  type TrackingItem,
  type TrackingKey,
  trackingKeyOf,
  workHashOf,
} from '@sfn-redshift/shared';
import type { InvokerConfig } from './config.ts';
import type { InvokerDependencies } from './dependencies.ts';
import type { Invocation } from './invocation.ts';
import { targetHashOf, userOf } from './target.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The item that a request writes when it claims its key. */
export const itemOf = (
  request: StartRequest,
  invocation: Invocation,
  { config, now }: InvokerDependencies,
): TrackingItem => {
  const { callback, executionArn, attempt } = request;
  const key = trackingKeyOf(request, invocation.requestId);
  const startedAt = now();
  const lock = lockOf(request, placeOf(config));
  return {
    ...key,
    contractVersion: names.CONTRACT_VERSION,
    status: 'starting',
    generation: 1,
    callback,
    statementName: encodeStatementName(config.statementNamePrefix, key),
    targetId: config.targetId,
    ownerRoleArn: config.ownerRoleArn,
    workHash: workHashOf(request),
    shortSql: shortSqlOf(request),
    startedAt,
    startDeadline: invocation.deadline,
    claimant: randomUUID(),
    targetHash: hashOf(config),
    ...(config.warehouseKeyArn !== undefined && { warehouseKeyArn: config.warehouseKeyArn }),
    expiresAt: Math.ceil((startedAt + config.retentionDays * DAY_MS) / 1000),
    ...(executionArn !== undefined && executionArn !== key.owner && { executionArn }),
    ...(attempt && { attempt }),
    ...(lock && { lock }),
    ...wishesOf(request),
    ...commentOf(request, key, config),
  };
};

const WISHES = ['onTimeout', ...TASK_WISHES] as const;

/** What a request wants beside its statement, as far as the completers must know of it. */
const wishesOf = (request: StartRequest): Partial<TrackingItem> => {
  const { session, errors } = request;
  return {
    ...pick({ ...request, errors: errors === 'cause' ? errors : undefined }, WISHES),
    ...('sqlStatements' in request && {
      batch: { statements: request.sqlStatements.length, executionMode: request.executionMode },
    }),
    ...(session && { session: 'id' in session ? { id: session.id } : {} }),
  };
};

const commentOf = (
  request: StartRequest,
  key: TrackingKey,
  { withoutSqlComment }: InvokerConfig,
): Pick<TrackingItem, 'sqlComment'> => {
  if (withoutSqlComment) return {};
  const by = { ...key, ...pick(request, ['executionArn', 'attempt']) };
  const sqlComment = sqlCommentOf(by, ...sqlsOf(request));
  return sqlComment === undefined ? {} : { sqlComment };
};

const placeOf = ({ targetId, target, ownerRoleArn }: InvokerConfig): SingletonPlace => ({
  targetId,
  database: target.database,
  dbUser: userOf(target, ownerRoleArn),
});

const hashOf = ({ target, assumesOwnerRole, ownerRoleArn }: InvokerConfig): string =>
  targetHashOf(target, assumesOwnerRole ? ownerRoleArn : undefined);

/** Whether the stack was updated to another target since the claim was made. */
export const isOfOtherTarget = ({ targetHash }: TrackingItem, config: InvokerConfig): boolean =>
  targetHash !== undefined && targetHash !== hashOf(config);
