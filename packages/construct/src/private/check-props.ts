import { Duration } from 'aws-cdk-lib';
import type { CompleterOptions } from '../completer-options';
import type { InvokerOptions } from '../invoker-options';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import type { SweepOptions } from '../sweep-options';
import { TaskerEncryption } from '../tasker-encryption';
import { checkEnvironment } from './check-environment';
import { checkHas, checkOneOf } from './check-type';
import {
  COMPLETION_RETENTION,
  DEFAULT_DRAIN_TIMEOUT,
  DEFAULT_MAX_RECEIVE_COUNT,
  RECEIVE_COUNT,
  visibilityFor,
} from './completion-limits';
import { DEFAULT_MAX_CONCURRENCY } from './drain-function';
import { checkNetwork } from './network';
import { checkCompletionQueue, completionRetentionOf } from './supplied-completion-queue';
import { checkQueue, checkQueueOfRule } from './supplied-queue';
import { DEFAULT_SWEEP_TIMEOUT } from './sweep-function';
import { DEFAULT_SWEEP_INTERVAL } from './sweep-schedule';
import {
  checkAtLeast,
  checkFunctionTimeout,
  checkKeyNotAlias,
  checkNoLonger,
  checkReceives,
  checkText,
  checkWholeDays,
  checkWholeMinutes,
  checkWholeNumber,
  refuse,
} from './validation';

// What AWS Lambda accepts.
const MEMORY_MIB = [128, 10_240] as const;
const MAPPING_CONCURRENCY = [2, 1000] as const;
const BATCH_SIZE_WITHOUT_WINDOW = [1, 10] as const;

/** What EventBridge can do at most, and the longest that a task should wait in vain. */
const SWEEP_INTERVAL_MINUTES = [1, 60] as const;

/** The handlers give a call to AWS 5 seconds: one that hangs must leave time to repeat it. */
const SHORTEST_FUNCTION_SECONDS = 10;

/** What a statement may run, and EventBridge may take to deliver its event. */
const RUN_DAYS = 1;
const DELIVERY_DAYS = 1;

// What CloudWatch accepts; names that begin so are its own.
const METRICS_NAMESPACE = /^(?!AWS\/)[\w.#/-]{1,255}$/;

/** As long as a Step Functions execution can be redriven. */
export const DEFAULT_RECORD_RETENTION = Duration.days(14);

/** What tells where statements run. */
export const TARGET = 'a RedshiftTarget';

/** @throws Error naming the property and what it got. */
export const checkProps = (props: SfnRedshiftTaskerProps): void => {
  checkHas('target', props.target, TARGET, '_connect');
  checkOneOf('encryption', props.encryption, TaskerEncryption);
  checkInvoker(props.invoker ?? {});
  checkCompleter(props.completer ?? {});
  checkSweep(props.sweep ?? {});
  checkKeyNotAlias('encryptionKey', props.encryptionKey);
  checkQueues(props);
  checkRoles(props);
  checkNetwork(props);
  checkRecordRetention(props);
  if (props.metricsNamespace !== undefined) {
    const rule = 'must be 1 to 255 letters, digits or any of _ . # / - and not begin with AWS/';
    checkText('metricsNamespace', props.metricsNamespace, METRICS_NAMESPACE, rule);
  }
};

/** A row must outlive what may still ask for it. */
const checkRecordRetention = (props: SfnRedshiftTaskerProps): void => {
  const queued = completionRetentionOf(props).toDays({ integral: false });
  const reason = `a statement runs for up to ${RUN_DAYS}, its event may take ${DELIVERY_DAYS} to arrive and wait ${queued} in the queue, and without its row nobody knows which task to answer`;
  const shortest = Math.ceil(RUN_DAYS + DELIVERY_DAYS + queued);
  checkWholeDays('recordRetention', props.recordRetention ?? DEFAULT_RECORD_RETENTION, shortest, reason);
};

const checkQueues = (props: SfnRedshiftTaskerProps): void => {
  checkCompletionQueue(props);
  checkQueueOfRule('ruleDeadLetterQueue', props.ruleDeadLetterQueue);
  checkQueue('completionDeadLetterQueue', props.completionDeadLetterQueue);
  checkQueue('invokerDeadLetterQueue', props.invokerDeadLetterQueue);
  for (const property of ['completionDeadLetterQueue', 'invokerDeadLetterQueue', 'ruleDeadLetterQueue'] as const) {
    const queue = props[property];
    if (queue && queue === props.completionQueue) refuse(property, 'must not be the completion queue', queue.node.path);
  }
};

/** Who owns statements is assumed by the completers: no role can be made that trusts itself. */
const checkRoles = ({ invoker, completer, sweep }: SfnRedshiftTaskerProps): void => {
  const role = invoker?.role;
  const completers = [completer?.role, sweep?.role].map((of) => of?.roleArn);
  if (!role || !completers.includes(role.roleArn)) return;
  refuse('invoker.role', 'must not be the role of completer or sweep, which are to assume it', role.node.path);
};

/** @throws Error naming the property, of `invoker` or of the options of another target */
export const checkInvoker = (options: InvokerOptions, path = 'invoker'): void => {
  checkWholeNumber(`${path}.memorySize`, options.memorySize, ...MEMORY_MIB);
  checkFunctionTimeout(`${path}.timeout`, options.timeout, SHORTEST_FUNCTION_SECONDS);
  checkWholeNumber(`${path}.reservedConcurrency`, options.reservedConcurrency, 1);
  checkEnvironment(`${path}.environment`, options.environment);
};

const checkCompleter = (options: CompleterOptions): void => {
  checkWholeNumber('completer.memorySize', options.memorySize, ...MEMORY_MIB);
  checkFunctionTimeout('completer.timeout', options.timeout, SHORTEST_FUNCTION_SECONDS);
  checkWholeNumber('completer.maxConcurrency', options.maxConcurrency, ...MAPPING_CONCURRENCY);
  checkWholeNumber('completer.batchSize', options.batchSize, ...BATCH_SIZE_WITHOUT_WINDOW);
  checkWholeNumber('completer.maxReceiveCount', options.maxReceiveCount, ...RECEIVE_COUNT);
  checkWholeNumber('completer.reservedConcurrency', options.reservedConcurrency, 1);
  checkEnvironment('completer.environment', options.environment);
  checkReceivesFit(options);
  checkConcurrencyFits(options);
};

const checkReceivesFit = ({ timeout = DEFAULT_DRAIN_TIMEOUT, maxReceiveCount }: CompleterOptions): void =>
  checkReceives('completer.maxReceiveCount', {
    maxReceiveCount: maxReceiveCount ?? DEFAULT_MAX_RECEIVE_COUNT,
    visibility: visibilityFor(timeout),
    retention: COMPLETION_RETENTION,
    because: 'with this completer.timeout',
  });

/** Lambda takes messages for as many batches as the mapping may have, and throttles what the function may not run. */
const checkConcurrencyFits = ({ maxConcurrency, reservedConcurrency }: CompleterOptions): void => {
  const rule = 'completer.maxConcurrency: batches beyond it would be throttled, and their messages use up receives';
  checkAtLeast('completer.reservedConcurrency', reservedConcurrency, maxConcurrency ?? DEFAULT_MAX_CONCURRENCY, rule);
};

const checkSweep = ({ memorySize, timeout, interval, environment }: SweepOptions): void => {
  checkEnvironment('sweep.environment', environment);
  checkWholeNumber('sweep.memorySize', memorySize, ...MEMORY_MIB);
  checkWholeMinutes('sweep.interval', interval, ...SWEEP_INTERVAL_MINUTES);
  checkFunctionTimeout('sweep.timeout', timeout, SHORTEST_FUNCTION_SECONDS);
  const rule = 'must be no longer than sweep.interval, or runs would overlap and look at the same statements';
  checkNoLonger('sweep.timeout', timeout ?? DEFAULT_SWEEP_TIMEOUT, interval ?? DEFAULT_SWEEP_INTERVAL, rule);
};
