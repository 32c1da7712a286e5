import { AwsError, NotSupportedError } from '../common/aws-error.ts';

/** How a state, and with it perhaps the execution, fails: what `ErrorEquals` is compared with. A retry helps when the definition says so. */
export class StateError extends Error {
  override readonly name = 'StateError';
  /** Undefined when a failed callback named none. */
  readonly error: string | undefined;
  /** What the history and `Catch` give as the cause. */
  readonly causeText: string | undefined;
  /** A second name under which `Retry` and `Catch` find this error. */
  readonly alias: string | undefined;
  readonly timedOut: boolean;

  constructor(
    error: string | undefined,
    causeText?: string,
    options: { readonly timedOut?: boolean; readonly alias?: string } = {},
  ) {
    super(causeText ?? error ?? 'The task failed.');
    this.error = error;
    this.causeText = causeText;
    this.timedOut = options.timedOut ?? false;
    this.alias = options.alias;
  }
}

/** Data that a state cannot work with; the interpreter makes it `States.Runtime`, with the state's name. */
export class RuntimeProblem extends Error {
  override readonly name = 'RuntimeProblem';
}

/** `TimeoutSeconds` is over. The empty cause is what AWS hands to `Catch`; its history shows none. */
export const timeoutError = (): StateError => new StateError('States.Timeout', '', { timedOut: true });

/** AWS has recorded `States.Timeout` for missed heartbeats, and documents `States.HeartbeatTimeout`: both are matched. */
export const heartbeatTimeoutError = (): StateError =>
  new StateError('States.Timeout', '', { timedOut: true, alias: 'States.HeartbeatTimeout' });

/** @param subject the name of the state, or the service of the task */
export const dataLimitExceeded = (subject: string): StateError =>
  new StateError(
    'States.DataLimitExceeded',
    `The state/task '${subject}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );

/** Error and cause as history events and the API show them: left out when there is none. */
export const failureMembers = ({ error, causeText }: StateError): { error?: string; cause?: string } => ({
  ...(error ? { error } : {}),
  ...(causeText ? { cause: causeText } : {}),
});

export const invalidDefinition = (message: string): AwsError =>
  new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${message}'`);

export const validationError = (message: string): AwsError =>
  new AwsError('ValidationException', `1 validation error detected: ${message}`);

export const notSupported = (what: string): NotSupportedError =>
  new NotSupportedError(`${what} is not supported by the local stage.`);
