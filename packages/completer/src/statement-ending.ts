import { type EndState, isEndState, type StatementEvent } from '@sfn-redshift/shared';

/** A statement's end, as a message tells it. */
export interface Ending {
  readonly event: StatementEvent;
  readonly state: EndState;
  /** How often the message was put back. */
  readonly deferrals: number;
}

/** Undefined for a state after which something more happens. */
export const endingOf = (event: StatementEvent, deferrals: number): Ending | undefined =>
  isEndState(event.state) ? { event, state: event.state, deferrals } : undefined;
