import * as z from 'zod/mini';
import { checkMessage } from './check.ts';
import { isOfType } from './message-type.ts';
import { EXECUTION_ENDED } from './names.ts';
import { text } from './text.ts';

// EventBridge fills in an empty text where the event has no such field, so the last two may be anything.
const executionEnded = z.looseObject({
  type: z.literal(EXECUTION_ENDED.type),
  executionArn: text,
  status: z.string(),
  redriveCount: z.optional(z.unknown()),
  stopDate: z.optional(z.unknown()),
});

/**
 * An execution has ended otherwise than well: what Step Functions tells of it, as far as the rule lets it through
 * (names.EXECUTION_ENDED). Events may come late and out of order: the execution may have been redriven since.
 */
export interface ExecutionEvent {
  readonly executionArn: string;
  /** Step Functions' word. */
  readonly status: string;
  /** How often the execution had been redriven when it ended; undefined where that was not told. */
  readonly redriveCount: number | undefined;
  /** Epoch milliseconds; undefined where that was not told. */
  readonly stoppedAt: number | undefined;
}

export const isExecutionEvent = (message: unknown): boolean => isOfType(message, EXECUTION_ENDED.type);

/** @throws MalformedMessage naming the field at fault. */
export const parseExecutionEvent = (message: unknown): ExecutionEvent => {
  const { executionArn, status, redriveCount, stopDate } = checkMessage(executionEnded, message, 'execution');
  return { executionArn, status, redriveCount: numberOf(redriveCount), stoppedAt: numberOf(stopDate) };
};

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
