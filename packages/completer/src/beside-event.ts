import { type TrackingItem, UNKNOWN_NUMBER } from '@sfn-redshift/shared';
import type { BatchStatement } from './batch-statement.ts';
import { type DescribeDependencies, readDescription } from './read-description.ts';
import type { Wait } from './settlement.ts';
import type { Ending } from './statement-ending.ts';

type Batch = NonNullable<TrackingItem['batch']>;

/** What a task is told beside the event of its statement; or a while to wait before that is read again. */
export type BesideEvent =
  | {
      readonly type: 'known';
      /** The item; with its session's id, where that was not noted but found. */
      readonly item: TrackingItem;
      readonly more: Readonly<Record<string, unknown>>;
      /** Of a batch that could be read. */
      readonly statements?: readonly BatchStatement[];
    }
  | Wait;

/**
 * Of a session its id, of a batch one entry for each of its statements, in order. No event tells these, so a batch is read, and
 * a statement of which nobody has noted in which session it runs. Where that cannot be, the id is null, the counts of the
 * statements are unknown, and the rest of them follows from the batch's own end.
 */
export const besideEvent = async (
  ending: Ending,
  item: TrackingItem,
  dependencies: DescribeDependencies,
): Promise<BesideEvent> => {
  const { batch, session } = item;
  const isKnown = !batch && (!session || session.id !== undefined);
  const read = isKnown
    ? { type: 'read' as const, description: undefined }
    : await readDescription(ending, item, dependencies);
  if (read.type === 'wait') return read;
  const { sessionId, statements } = read.description ?? {};
  const known = inSession(item, sessionId);
  return {
    type: 'known',
    item: known,
    ...(batch && statements && { statements }),
    more: {
      ...(session && { sessionId: known.session?.id ?? null }),
      ...(batch && { statements: statements?.map(entryOf) ?? unread(ending, batch) }),
    },
  };
};

/** The item with the id of its session, if it is in one and nobody has noted which. */
export const inSession = (item: TrackingItem, sessionId: string | undefined): TrackingItem => {
  const { session } = item;
  return session && session.id === undefined && sessionId !== undefined
    ? { ...item, session: { ...session, id: sessionId } }
    : item;
};

/** How a task is told of a statement of a batch. */
export const entryOf = ({ statementId, state, rows, redshiftQueryId }: BatchStatement) => ({
  statementId,
  state,
  rows,
  redshiftQueryId,
});

const unread = ({ event: { statementId }, state }: Ending, batch: Batch) =>
  Array.from({ length: batch.statements }, (_entry, index) => ({
    statementId: `${statementId}:${index + 1}`,
    state,
    rows: UNKNOWN_NUMBER,
    redshiftQueryId: UNKNOWN_NUMBER,
  }));
