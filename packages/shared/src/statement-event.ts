import * as z from 'zod/mini';
import { checkMessage } from './check.ts';
import { COMPLETION_EVENT } from './names.ts';
import { text } from './text.ts';

/** States after which nothing more happens. */
export const END_STATES = ['FINISHED', 'FAILED', 'ABORTED'] as const;
export type EndState = (typeof END_STATES)[number];

// The envelope first, our part second, so that an error says which was wrong. Few fields are read, since AWS's own
// samples disagree on the others; all are kept, for the task's output.
const envelope = z.looseObject({
  source: z.literal(COMPLETION_EVENT.source),
  'detail-type': z.literal(COMPLETION_EVENT.detailType),
  time: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

const detail = z.looseObject({
  statementId: text,
  statementName: z.string(),
  state: z.string(),
  rows: z.optional(z.unknown()),
  redshiftQueryId: z.optional(z.unknown()),
});

/** What Redshift reports when a statement ends: step 3 to 6, event → queue → completer. */
export interface StatementEvent {
  readonly statementId: string;
  readonly statementName: string;
  /** Redshift's word; only an EndState ends a task. */
  readonly state: string;
  readonly rows: number;
  readonly redshiftQueryId: number;
  /** ISO 8601. */
  readonly time: string;
  /** The whole event as it came, envelope included. */
  readonly received: Readonly<Record<string, unknown>>;
}

/** What the Data API says where there is nothing to count, or to name; and what we say where it says nothing. */
export const UNKNOWN_NUMBER = -1;

/** @throws MalformedMessage naming the field at fault. */
export const parseStatementEvent = (message: unknown): StatementEvent => {
  const received = checkMessage(envelope, message, 'event');
  const { statementId, statementName, state, rows, redshiftQueryId } = checkMessage(
    detail,
    received.detail,
    'event.detail',
  );
  return {
    statementId,
    statementName,
    state,
    rows: countOf(rows),
    redshiftQueryId: countOf(redshiftQueryId),
    time: received.time,
    received,
  };
};

// No task waits in vain because a number is not one: it only goes into the output.
const countOf = (value: unknown): number => (typeof value === 'number' ? value : UNKNOWN_NUMBER);

/** The event in EventBridge's form; what `received` holds beyond it is kept. */
export const encodeStatementEvent = (event: StatementEvent): Record<string, unknown> => {
  const { statementId, statementName, state, rows, redshiftQueryId, time, received } = event;
  return {
    ...received,
    source: COMPLETION_EVENT.source,
    'detail-type': COMPLETION_EVENT.detailType,
    time,
    detail: { ...(received['detail'] as object | undefined), statementId, statementName, state, rows, redshiftQueryId },
  };
};

export const isEndState = (state: string): state is EndState => (END_STATES as readonly string[]).includes(state);
