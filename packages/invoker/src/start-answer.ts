import type { TrackingItem } from '@sfn-redshift/shared';
import type { InvokerConfig } from './config.ts';
import { type Connection, connectionOf } from './target.ts';

/**
 * What `executeStatement` answers; the same for every repeat of a request. It names the statement as the Data API does
 * (`Id` to `CreatedAt`, as state machines of cdk-stepfunctions-redshift read them) and as everything of ours does.
 */
export interface StartedStatement extends Connection {
  /** Absent only where the statement ended before its id was noted. */
  readonly statementId?: string;
  readonly statementName: string;
  /** `statementId`, by the Data API's name. */
  readonly Id?: string;
  /** The session that the statement runs in, for others to use after it; absent where none stays, or its id was not noted. */
  readonly sessionId?: string;
  /** The same, by the Data API's name. */
  readonly SessionId?: string;
  /** When the start began, ISO 8601. */
  readonly CreatedAt: string;
}

export const answerOf = (
  { statementId, statementName, startedAt, session }: TrackingItem,
  { target }: InvokerConfig,
): StartedStatement => ({
  ...(statementId && { statementId, Id: statementId }),
  ...(session?.id !== undefined && { sessionId: session.id, SessionId: session.id }),
  statementName,
  ...connectionOf(target),
  CreatedAt: new Date(startedAt).toISOString(),
});
