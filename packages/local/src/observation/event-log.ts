import type { DeliveryOutcome } from '../event-bridge/event-traffic.ts';
import type { TextMatch } from '../faults/fault.ts';
import { matchesText } from '../faults/matching.ts';
import type { TransitOutcome } from '../faults/transits.ts';
import { type Recorded, RecordLog, type Span } from './record-log.ts';

/** What has happened to an event of the bus, as a whole or on its way to one target. Never holds its detail. */
export interface EventRecord extends Recorded {
  /** Epoch milliseconds of the stage's clock. */
  readonly time: number;
  /** Id of the event, the same for each time that it comes. */
  readonly event: string;
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  /** Name of the rule to whose target it was on its way. */
  readonly rule?: string;
  /** ARN of the target. */
  readonly target?: string;
  /**
   * `put`, when it came to the bus; `delivered`, `deadLettered` or `lost`, when its way to a target has ended; otherwise what a fault has made
   * of it.
   */
  readonly outcome: 'put' | DeliveryOutcome | TransitOutcome;
  /** Id of the fault that it has met. */
  readonly fault?: string;
}

export interface EventFilter extends Span {
  /** Id of the event. */
  readonly event?: string;
  readonly source?: TextMatch;
  readonly detailType?: TextMatch;
  readonly rule?: TextMatch;
  readonly target?: TextMatch;
  readonly outcome?: TextMatch;
  /** Id of a fault. */
  readonly fault?: string;
}

/** What has come to the bus, and what has become of it. */
export class EventLog extends RecordLog<EventRecord, EventFilter> {
  constructor(most?: number) {
    super(isOf, most);
  }
}

const isOf = (record: EventRecord, filter: EventFilter): boolean =>
  (filter.event === undefined || filter.event === record.event) &&
  (filter.fault === undefined || filter.fault === record.fault) &&
  matchesText(filter.source, record.source) &&
  matchesText(filter.detailType, record.detailType) &&
  matchesText(filter.rule, record.rule ?? '') &&
  matchesText(filter.target, record.target ?? '') &&
  matchesText(filter.outcome, record.outcome);
