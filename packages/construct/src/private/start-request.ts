import type { Duration } from 'aws-cdk-lib';
import { IntegrationPattern, type TaskStateBaseProps, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { OnRetry, OnTimeout, type RedshiftStartOptions, type RedshiftTaskBinding } from '../redshift-start-options';
import { checkSweepKeeps } from './check-sweep-keeps';
import { checkHas, checkOneOf } from './check-type';
import { CONTRACT_VERSION } from './contract.generated';
import { checkWaits } from './invoker-state';
import type { StateLanguage } from './state-language';
import { checkParameters, parametersOf, writeParameters } from './statement-parameters';
import { isKnownTime, refuse } from './validation';

type Props = RedshiftStartOptions & TaskStateBaseProps & RedshiftTaskBinding;

/** As long as the Data API lets a statement run. */
const MAX_RUNTIME_SECONDS = [1, 86_400] as const;

/** @throws Error naming the prop that is out of range, or does not go with another. */
export const checkStart = (state: string, props: Props, pattern: IntegrationPattern): void => {
  checkTypes(state, props);
  checkParameters(`${state}: parameters`, parametersOf(props));
  checkMaxRuntime(`${state}: maxRuntime`, props.maxRuntime);
  props.session?._check(state, props.tasker);
  checkSweepKeeps(state, props);
  if (props.idempotencyKey !== undefined && props.onRetry !== undefined) {
    refuse(`${state}: onRetry`, 'does not go with idempotencyKey', props.onRetry);
  }
  checkWaits(state, props, pattern, ['onRetry', 'onTimeout']);
};

const checkTypes = (state: string, { lock, session, onRetry, onTimeout }: Props): void => {
  if (lock !== undefined) checkHas(`${state}: lock`, lock, 'a RedshiftLock', '_isSingleton');
  if (session !== undefined) checkHas(`${state}: session`, session, 'a RedshiftSession', '_check');
  checkOneOf(`${state}: onRetry`, onRetry, OnRetry);
  checkOneOf(`${state}: onTimeout`, onTimeout, OnTimeout);
};

const checkMaxRuntime = (property: string, value: Duration | undefined): void => {
  if (!isKnownTime(property, value)) return;
  const [min, max] = MAX_RUNTIME_SECONDS;
  const seconds = value.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= min && seconds <= max) return;
  refuse(property, 'must be whole seconds from 1 second to 24 hours', value);
};

/** The fields that requests to start a statement, or a batch of them, have in common. */
export const startFields = (language: StateLanguage, props: Props, pattern: IntegrationPattern) => ({
  contractVersion: CONTRACT_VERSION,
  parameters: writeParameters(language, parametersOf(props)),
  ...callerFields(language, props, pattern),
  ...askedFor(language, props),
});

/**
 * Which attempt of which state asks. A start that nobody waits for is only repeated where its answer did not come through: so
 * all tries of it are one, and start one statement. Who waits is told why a statement has failed.
 */
const callerFields = (language: StateLanguage, { attemptName }: Props, pattern: IntegrationPattern) => {
  const waits = pattern === IntegrationPattern.RUN_JOB;
  return {
    executionArn: language.context('Execution.Id'),
    taskToken: waits ? language.context('Task.Token') : undefined,
    errors: waits ? 'cause' : undefined,
    attempt: {
      state: attemptName === undefined ? language.context('State.Name') : language.name('attemptName', attemptName),
      enteredTime: language.context('State.EnteredTime'),
      retryCount: waits ? language.context('State.RetryCount') : 0,
      redriveCount: language.context('Execution.RedriveCount'),
    },
  };
};

const askedFor = (language: StateLanguage, props: Props) => {
  const { idempotencyKey, lock, session, onTimeout, onRetry, maxRuntime, heartbeat, heartbeatTimeout } = props;
  return {
    idempotencyKey: idempotencyKey === undefined ? undefined : language.name('idempotencyKey', idempotencyKey),
    lock: lock?._render(language),
    session: session?._render(language),
    onTimeout,
    onRetry,
    maxRuntimeSeconds: maxRuntime?.toSeconds(),
    heartbeatSeconds: language.seconds('heartbeatTimeout', heartbeat ? Timeout.duration(heartbeat) : heartbeatTimeout),
  };
};
