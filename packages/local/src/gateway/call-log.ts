import type { Caller, NeededPermission, ServiceName } from '../common/service.ts';
import type { TextMatch } from '../faults/fault.ts';
import { matchesText, namesOf } from '../faults/matching.ts';
import { type Recorded, RecordLog, type Span } from '../observation/record-log.ts';

/** One call that went through the gateway, let through or not. Never holds what was sent or answered. */
export interface CallRecord extends Recorded {
  /** Counts up in the order in which calls began. */
  readonly startOrder: number;
  /** Epoch milliseconds of the stage's clock, at arrival. */
  readonly time: number;
  readonly service: ServiceName;
  readonly operation: string;
  readonly caller: Caller;
  /** The function whose code made the call; not Lambda itself, which polls and logs under the function's role. */
  readonly functionName?: string;
  /** The Lambda request id of the invocation in which it did. */
  readonly invocationId?: string;
  /** `ok`, the error code, or `NoAnswer` when a fault withheld the answer. */
  readonly outcome: string;
  /** Id of the fault that the call has met. */
  readonly fault?: string;
  readonly durationMs: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly needed: readonly NeededPermission[];
  readonly via: 'http' | 'stage';
}

export interface CallFilter extends Span {
  readonly service?: ServiceName;
  readonly operation?: TextMatch;
  /** As in a fault: a function's name, or name or ARN of a role or state machine, or the caller's own ARN. */
  readonly caller?: TextMatch;
  readonly outcome?: TextMatch;
  /** Id of a fault. */
  readonly fault?: string;
}

/** What has been called, by whom, and how it ended. */
export class CallLog extends RecordLog<CallRecord, CallFilter> {
  readonly #counts = new Map<string, number>();

  constructor(most?: number) {
    super(isOf, most);
  }

  override add(fields: Omit<CallRecord, 'id'>): void {
    // Counted first: who is told of a call may ask.
    const name = `${fields.service}:${fields.operation}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    super.add(fields);
  }

  /** How often each operation was called since the start, by `service:Operation`. */
  counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Calls `listener` for every further call; returns what ends that. */
  onCall(listener: (record: CallRecord) => void): () => void {
    return this.onRecord(listener);
  }
}

const isOf = (record: CallRecord, { service, operation, caller, outcome, fault }: CallFilter): boolean =>
  (service === undefined || service === record.service) &&
  (fault === undefined || fault === record.fault) &&
  matchesText(operation, record.operation) &&
  matchesText(outcome, record.outcome) &&
  (caller === undefined || matchesText(caller, ...namesOf(record.caller, record.functionName)));
