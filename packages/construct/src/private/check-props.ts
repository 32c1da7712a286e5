import type { CompleterOptions } from '../completer-options';
import type { InvokerOptions } from '../invoker-options';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import type { SweepOptions } from '../sweep-options';
import { DEFAULT_SWEEP_TIMEOUT } from './sweep-function';
import { DEFAULT_SWEEP_INTERVAL } from './sweep-schedule';
import {
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

/** A call to AWS is given 5 seconds. */
const SHORTEST_SWEEP_SECONDS = 10;

/** A statement may run for 24 hours, and is reported after that. */
const SHORTEST_RECORD_RETENTION_DAYS = 2;

// What CloudWatch accepts; names that begin so are its own.
const METRICS_NAMESPACE = /^(?!AWS\/)[\w.#/-]{1,255}$/;

/** @throws Error naming the property and what it got. */
export const checkProps = (props: SfnRedshiftTaskerProps): void => {
  checkInvoker(props.invoker ?? {});
  checkCompleter(props.completer ?? {});
  checkSweep(props.sweep ?? {});
  checkKeyNotAlias('encryptionKey', props.encryptionKey);
  checkWholeDays('recordRetention', props.recordRetention, SHORTEST_RECORD_RETENTION_DAYS);
  if (props.metricsNamespace !== undefined) {
    const rule = 'must be 1 to 255 letters, digits or any of _ . # / - and not begin with AWS/';
    checkText('metricsNamespace', props.metricsNamespace, METRICS_NAMESPACE, rule);
  }
};

const checkInvoker = ({ memorySize, timeout, reservedConcurrency }: InvokerOptions): void => {
  checkWholeNumber('invoker.memorySize', memorySize, ...MEMORY_MIB);
  checkFunctionTimeout('invoker.timeout', timeout);
  checkWholeNumber('invoker.reservedConcurrency', reservedConcurrency, 1);
};

const checkCompleter = (options: CompleterOptions): void => {
  checkWholeNumber('completer.memorySize', options.memorySize, ...MEMORY_MIB);
  checkFunctionTimeout('completer.timeout', options.timeout);
  checkWholeNumber('completer.maxConcurrency', options.maxConcurrency, ...MAPPING_CONCURRENCY);
  checkWholeNumber('completer.batchSize', options.batchSize, ...BATCH_SIZE_WITHOUT_WINDOW);
  checkWholeNumber('completer.maxReceiveCount', options.maxReceiveCount, ...RECEIVE_COUNT);
};

const checkSweep = ({ memorySize, timeout, interval }: SweepOptions): void => {
  checkWholeNumber('sweep.memorySize', memorySize, ...MEMORY_MIB);
  checkWholeMinutes('sweep.interval', interval, ...SWEEP_INTERVAL_MINUTES);
  checkFunctionTimeout('sweep.timeout', timeout, SHORTEST_SWEEP_SECONDS);
  const rule = 'must be no longer than sweep.interval, or runs would overlap and look at the same statements';
  checkNoLonger('sweep.timeout', timeout ?? DEFAULT_SWEEP_TIMEOUT, interval ?? DEFAULT_SWEEP_INTERVAL, rule);
};
