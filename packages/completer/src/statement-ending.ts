import { type EndState, isEndState, type StatementEvent, type TrackingItem } from '@sfn-redshift/shared';
import type { StatementDescription } from './owner-statements.ts';

/** A statement's end, as a message or a look at the statement tells it. */
export interface Ending {
  readonly event: StatementEvent;
  readonly state: EndState;
  /** How often the message was put back. */
  readonly deferrals: number;
  /** Where the statement was looked at already, so that its error text need not be read. */
  readonly description?: StatementDescription;
}

/** What a task is told when nobody can know any more how its statement ended, or whether it ran. */
export interface UnknownEnding {
  readonly event: Pick<StatementEvent, 'statementName' | 'time'> & { readonly statementId: string | undefined };
  readonly state: 'UNKNOWN';
  /** The error's name, as a `Catch` would list it. */
  readonly error: string;
  readonly message: string;
}

/** Undefined for a state after which something more happens. */
export const endingOf = (event: StatementEvent, deferrals: number): Ending | undefined =>
  isEndState(event.state) ? { event, state: event.state, deferrals } : undefined;

/** Why a statement was cancelled that ran too long. */
export const overrunText = ({ maxRuntimeSeconds }: TrackingItem): string => {
  const limit = maxRuntimeSeconds === undefined ? '' : ` (${maxRuntimeSeconds})`;
  return `The statement was cancelled because it ran longer than maxRuntimeSeconds${limit}.`;
};
