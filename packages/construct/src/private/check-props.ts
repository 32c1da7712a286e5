import type { CompleterOptions } from '../completer-options';
import type { InvokerOptions } from '../invoker-options';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import type { SweepOptions } from '../sweep-options';
import { COMPLETION_RETENTION, DEFAULT_MAX_RECEIVE_COUNT, visibilityFor } from './completion-queue';
import { DEFAULT_DRAIN_TIMEOUT, DEFAULT_MAX_CONCURRENCY } from './drain-function';
import { DEFAULT_SWEEP_TIMEOUT } from './sweep-function';
import { DEFAULT_SWEEP_INTERVAL } from './sweep-schedule';
import {
  checkAtLeast,
  checkAtMost,
  checkFunctionTimeout,
  checkKeyNotAlias,
  checkNoLonger,
  checkText,
  checkWholeDays,
  checkWholeMinutes,
  checkWholeNumber,
} from './validation';

// What AWS Lambda accepts.
const MEMORY_MIB = [128, 10_240] as const;
const MAPPING_CONCURRENCY = [2, 1000] as const;
const BATCH_SIZE_WITHOUT_WINDOW = [1, 10] as const;

/** Below 5, reads that Lambda throttles could use up a message's receives; AWS Lambda recommends no fewer. */
const RECEIVE_COUNT = [5, 1000] as const;

/** What EventBridge can do at most, and the longest that a task should wait in vain. */
const SWEEP_INTERVAL_MINUTES = [1, 60] as const;

/** The handlers give a call to AWS 5 seconds: one that hangs must leave time to repeat it. */
const SHORTEST_FUNCTION_SECONDS = 10;

/** What a statement may run, EventBridge may take to deliver its event, and the queue keeps that: a row must outlive them. */
const RUN_DAYS = 1;
const DELIVERY_DAYS = 1;
const SHORTEST_RECORD_RETENTION_DAYS = RUN_DAYS + DELIVERY_DAYS + COMPLETION_RETENTION.toDays();
const ROW_OUTLIVES_EVENT = `a statement runs for up to ${RUN_DAYS}, its event may take ${DELIVERY_DAYS} to arrive and wait ${COMPLETION_RETENTION.toDays()} in the queue, and without its row nobody knows which task to answer`;

// What CloudWatch accepts; names that begin so are its own.
const METRICS_NAMESPACE = /^(?!AWS\/)[\w.#/-]{1,255}$/;

/** @throws Error naming the property and what it got. */
export const checkProps = (props: SfnRedshiftTaskerProps): void => {
  checkInvoker(props.invoker ?? {});
  checkCompleter(props.completer ?? {});
  checkSweep(props.sweep ?? {});
  checkKeyNotAlias('encryptionKey', props.encryptionKey);
  checkWholeDays('recordRetention', props.recordRetention, SHORTEST_RECORD_RETENTION_DAYS, ROW_OUTLIVES_EVENT);
  if (props.metricsNamespace !== undefined) {
    const rule = 'must be 1 to 255 letters, digits or any of _ . # / - and not begin with AWS/';
    checkText('metricsNamespace', props.metricsNamespace, METRICS_NAMESPACE, rule);
  }
};

const checkInvoker = ({ memorySize, timeout, reservedConcurrency }: InvokerOptions): void => {
  checkWholeNumber('invoker.memorySize', memorySize, ...MEMORY_MIB);
  checkFunctionTimeout('invoker.timeout', timeout, SHORTEST_FUNCTION_SECONDS);
  checkWholeNumber('invoker.reservedConcurrency', reservedConcurrency, 1);
};

const checkCompleter = (options: CompleterOptions): void => {
  checkWholeNumber('completer.memorySize', options.memorySize, ...MEMORY_MIB);
  checkFunctionTimeout('completer.timeout', options.timeout, SHORTEST_FUNCTION_SECONDS);
  checkWholeNumber('completer.maxConcurrency', options.maxConcurrency, ...MAPPING_CONCURRENCY);
  checkWholeNumber('completer.batchSize', options.batchSize, ...BATCH_SIZE_WITHOUT_WINDOW);
  checkWholeNumber('completer.maxReceiveCount', options.maxReceiveCount, ...RECEIVE_COUNT);
  checkWholeNumber('completer.reservedConcurrency', options.reservedConcurrency, 1);
  checkReceivesFit(options);
  checkConcurrencyFits(options);
};

/** Else a message that cannot be handled would vanish where nobody sees it. */
const checkReceivesFit = (options: CompleterOptions): void => {
  const { timeout = DEFAULT_DRAIN_TIMEOUT, maxReceiveCount = DEFAULT_MAX_RECEIVE_COUNT } = options;
  const mostReceives = Math.ceil(COMPLETION_RETENTION.toSeconds() / visibilityFor(timeout).toSeconds()) - 1;
  const rule = `with this completer.timeout a message is received every ${String(visibilityFor(timeout).toMinutes({ integral: false }))} minutes, and after ${COMPLETION_RETENTION.toDays()} days the queue drops it: before it could come into the dead-letter queue`;
  checkAtMost('completer.maxReceiveCount', maxReceiveCount, mostReceives, rule);
};

/** Lambda takes messages for as many batches as the mapping may have, and throttles what the function may not run. */
const checkConcurrencyFits = ({ maxConcurrency, reservedConcurrency }: CompleterOptions): void => {
  const rule = 'completer.maxConcurrency: batches beyond it would be throttled, and their messages use up receives';
  checkAtLeast('completer.reservedConcurrency', reservedConcurrency, maxConcurrency ?? DEFAULT_MAX_CONCURRENCY, rule);
};

const checkSweep = ({ memorySize, timeout, interval }: SweepOptions): void => {
  checkWholeNumber('sweep.memorySize', memorySize, ...MEMORY_MIB);
  checkWholeMinutes('sweep.interval', interval, ...SWEEP_INTERVAL_MINUTES);
  checkFunctionTimeout('sweep.timeout', timeout, SHORTEST_FUNCTION_SECONDS);
  const rule = 'must be no longer than sweep.interval, or runs would overlap and look at the same statements';
  checkNoLonger('sweep.timeout', timeout ?? DEFAULT_SWEEP_TIMEOUT, interval ?? DEFAULT_SWEEP_INTERVAL, rule);
};
