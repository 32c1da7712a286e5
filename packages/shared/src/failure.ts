import { ERROR_NAMES } from './names.ts';

/**
 * An error of ours. Its `name` is what Step Functions shows and `Catch` matches; `retryable` tells whether the same
 * request can succeed later.
 */
export abstract class TaskerError extends Error {
  abstract override readonly name: string;
  abstract readonly retryable: boolean;
}

/** The request cannot be carried out as it stands: `field` is at fault, `received` is what it held, shortened. */
export class InvalidRequest extends TaskerError {
  override readonly name = ERROR_NAMES.invalidRequest;
  readonly retryable = false;
  readonly field: string;
  readonly received: string;

  constructor(field: string, problem: string, received: string) {
    super(`${field}: ${problem}; received ${received}`);
    this.field = field;
    this.received = received;
  }
}

/** `LATEST` found no statement that this invoker started for the execution. */
export class PreviousExecutionNotFound extends TaskerError {
  override readonly name = ERROR_NAMES.previousExecutionNotFound;
  readonly retryable = false;
}

/** Another invocation is starting the very same request right now; asking again in a moment gives its answer. */
export class StartInProgress extends TaskerError {
  override readonly name = ERROR_NAMES.startInProgress;
  readonly retryable = true;
}

/**
 * Another task waits for the statement that this request would have: once that has ended, asking again gives its outcome. Or
 * another statement holds the lock of this one: once it has ended, asking again starts this one.
 */
export class ConcurrentExecution extends TaskerError {
  override readonly name = ERROR_NAMES.concurrentExecution;
  readonly retryable = true;
}

/** The very same request was begun long ago and nobody knows whether its statement ran; it is not started a second time. */
export class StartUncertain extends TaskerError {
  override readonly name = ERROR_NAMES.startUncertain;
  readonly retryable = false;
}

/** The session of a request runs another statement; when that has ended, asking again starts this one. */
export class SessionBusy extends TaskerError {
  override readonly name = ERROR_NAMES.sessionBusy;
  readonly retryable = true;
}

/** The session of a request is closed, was never there, or is another owner role's; what was in a closed one is lost. */
export class SessionGone extends TaskerError {
  override readonly name = ERROR_NAMES.sessionGone;
  readonly retryable = false;
}

/** An answer does not fit into a state; it is not truncated. */
export class ResponseTooLarge extends TaskerError {
  override readonly name = ERROR_NAMES.responseTooLarge;
  readonly retryable = false;
}

/** A message, event or item is not what the contract says; `where` names the place. Never retryable: it will not change. */
export class MalformedMessage extends TaskerError {
  override readonly name = 'MalformedMessage';
  readonly retryable = false;
  readonly where: string;

  constructor(where: string, problem: string) {
    super(`${where}: ${problem}`);
    this.where = where;
  }
}
