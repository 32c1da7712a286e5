import type { TextMatch } from '../faults/fault.ts';
import { matchesText } from '../faults/matching.ts';
import type { TransitOutcome } from '../faults/transits.ts';
import { type Recorded, RecordLog, type Span } from './record-log.ts';

/** What has happened to a message between its queue and its consumers. Never holds its body. */
export interface MessageRecord extends Recorded {
  /** Epoch milliseconds of the stage's clock. */
  readonly time: number;
  /** Name of the queue. */
  readonly queue: string;
  readonly messageId: string;
  /** `received`, `deleted`, or what a fault has made of it. */
  readonly outcome: 'received' | 'deleted' | TransitOutcome;
  /** Id of the fault that it has met. */
  readonly fault?: string;
}

export interface MessageFilter extends Span {
  readonly queue?: TextMatch;
  readonly messageId?: string;
  readonly outcome?: TextMatch;
  /** Id of a fault. */
  readonly fault?: string;
}

/** Which messages were received and deleted, and what faults have made of them. */
export class MessageLog extends RecordLog<MessageRecord, MessageFilter> {
  constructor(most?: number) {
    super(isOf, most);
  }
}

const isOf = (record: MessageRecord, { queue, messageId, outcome, fault }: MessageFilter): boolean =>
  (messageId === undefined || messageId === record.messageId) &&
  (fault === undefined || fault === record.fault) &&
  matchesText(queue, record.queue) &&
  matchesText(outcome, record.outcome);
