import type { CompleterOptions } from '../completer-options';
import type { InvokerOptions } from '../invoker-options';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import { checkFunctionTimeout, checkKeyNotAlias, checkText, checkWholeDays, checkWholeNumber } from './validation';

// What AWS Lambda accepts.
const MEMORY_MIB = [128, 10_240] as const;
const MAPPING_CONCURRENCY = [2, 1000] as const;
const BATCH_SIZE_WITHOUT_WINDOW = [1, 10] as const;

/** Below 5, reads that Lambda throttles could use up a message's receives; AWS Lambda recommends no fewer. */
const RECEIVE_COUNT = [5, 1000] as const;

/** A statement may run for 24 hours, and is reported after that. */
const SHORTEST_RECORD_RETENTION_DAYS = 2;

// What CloudWatch accepts; names that begin so are its own.
const METRICS_NAMESPACE = /^(?!AWS\/)[\w.#/-]{1,255}$/;

/** @throws Error naming the property and what it got. */
export const checkProps = (props: SfnRedshiftTaskerProps): void => {
  checkInvoker(props.invoker ?? {});
  checkCompleter(props.completer ?? {});
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
