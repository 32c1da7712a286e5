import { ERROR_CAUSES, ERROR_NAMES } from './private/contract.generated';

/**
 * Names of the errors that a task of the tasker fails with, for `Retry` and `Catch`. Calls that the Data API refuses fail under
 * its own exceptions' names, such as `ValidationException`; what AWS Lambda fails with has names of its own, too.
 *
 * Those by cause are told where the request asks for them (`errors: 'cause'`).
 */
export class RedshiftErrors {
  /** The statement failed, and the cause is not known, or not asked for. */
  public static readonly FAILED: string = ERROR_NAMES.failed;

  /** The statement was cancelled. */
  public static readonly ABORTED: string = ERROR_NAMES.aborted;

  /** By cause: the text is no SQL, or a parameter is missing. */
  public static readonly SQL_SYNTAX_ERROR: string = ERROR_CAUSES.sqlSyntaxError.name;

  /** By cause: a table, column, function, schema, bucket or the like is not there. */
  public static readonly UNDEFINED_OBJECT: string = ERROR_CAUSES.undefinedObject.name;

  /** By cause: the database user, or the role of a COPY or UNLOAD, may not do this; or may not log in. */
  public static readonly PERMISSION_DENIED: string = ERROR_CAUSES.permissionDenied.name;

  /** By cause: another transaction was in the way, such as with error 1023. A retry can help. */
  public static readonly SERIALIZATION_CONFLICT: string = ERROR_CAUSES.serializationConflict.name;

  /** By cause: a deadlock, or a lock that was not to be had. A retry can help. */
  public static readonly LOCK_CONFLICT: string = ERROR_CAUSES.lockConflict.name;

  /** By cause: a table, column, schema or the like is there already. */
  public static readonly DUPLICATE_OBJECT: string = ERROR_CAUSES.duplicateObject.name;

  /** By cause: a unique constraint is violated. */
  public static readonly DUPLICATE_KEY: string = ERROR_CAUSES.duplicateKey.name;

  /** By cause: a value does not go with its type, its column or a computation; or a COPY has met such rows. */
  public static readonly DATA_ERROR: string = ERROR_CAUSES.dataError.name;

  /** By cause: the storage of the warehouse is used up. */
  public static readonly DISK_FULL: string = ERROR_CAUSES.diskFull.name;

  /** By cause: stopped by `statement_timeout`, by the time limit of a queue, or by another session's CANCEL, which Redshift words alike. */
  public static readonly QUERY_CANCELLED: string = ERROR_CAUSES.queryCancelled.name;

  /** By cause: stopped by a query monitoring rule, or by the system. */
  public static readonly WLM_ABORT: string = ERROR_CAUSES.wlmAbort.name;

  /** By cause: the warehouse could not be connected to, and nothing was run. A retry can help. */
  public static readonly CONNECTION_FAILED: string = ERROR_CAUSES.connectionFailed.name;

  /** By cause: the connection was lost; what was running may have been committed. */
  public static readonly CONNECTION_LOST: string = ERROR_CAUSES.connectionLost.name;

  /** The session that was named runs another statement. A retry can help. */
  public static readonly SESSION_BUSY: string = ERROR_NAMES.sessionBusy;

  /** The session that was named is closed, was never there, or is another owner role's: what the start was refused for, or, by cause, what the statement failed for. */
  public static readonly SESSION_GONE: string = ERROR_NAMES.sessionGone;

  /** By cause: the session was closed or busy when the statement was to run, which Redshift words alike. Starts are refused as one or the other. */
  public static readonly SESSION_NOT_AVAILABLE: string = ERROR_CAUSES.sessionNotAvailable.name;

  /** By cause: the warehouse is paused. */
  public static readonly WAREHOUSE_PAUSED: string = ERROR_CAUSES.warehousePaused.name;

  /** By cause: too many connections or requests at once. A retry can help. */
  public static readonly THROTTLED: string = ERROR_CAUSES.throttled.name;

  /** Another task waits for the statement that this one would have, or another statement holds its lock. A retry can help. */
  public static readonly CONCURRENT_EXECUTION: string = ERROR_NAMES.concurrentExecution;

  /** The request cannot be carried out as it stands. */
  public static readonly INVALID_REQUEST: string = ERROR_NAMES.invalidRequest;

  /** `LATEST` found no statement. */
  public static readonly PREVIOUS_EXECUTION_NOT_FOUND: string = ERROR_NAMES.previousExecutionNotFound;

  /** Another invocation is starting the very same request right now. A retry gives its answer. */
  public static readonly START_IN_PROGRESS: string = ERROR_NAMES.startInProgress;

  /** The same request was begun long ago, and nobody knows whether its statement ran. */
  public static readonly START_UNCERTAIN: string = ERROR_NAMES.startUncertain;

  /** The answer does not fit into a state. */
  public static readonly RESPONSE_TOO_LARGE: string = ERROR_NAMES.responseTooLarge;

  /** The statement finished, but its output is more than Step Functions, or a callback of a durable function, takes. */
  public static readonly OUTPUT_TOO_LARGE: string = ERROR_NAMES.outputTooLarge;

  /** The statement finished, but Step Functions, or Lambda of a durable function, refused its output. */
  public static readonly OUTPUT_REFUSED: string = ERROR_NAMES.outputRefused;

  /** The statement finished, but its result is not of the form that was asked for. */
  public static readonly RESULT_MISMATCH: string = ERROR_NAMES.resultMismatch;

  /** The statement finished, but gave more rows than `maxRows`. */
  public static readonly TOO_MANY_ROWS: string = ERROR_NAMES.tooManyRows;

  /** The statement finished, but its rows could not be read. */
  public static readonly RESULT_UNREADABLE: string = ERROR_NAMES.resultUnreadable;

  /** The statement finished, but its rows could not be written to S3. */
  public static readonly RESULT_NOT_STORED: string = ERROR_NAMES.resultNotStored;

  /** The statement finished, but gave more rows than could be carried to S3 in the time that the completer has. */
  public static readonly RESULT_TOO_LARGE: string = ERROR_NAMES.resultTooLarge;

  /** The statement finished, but its rows are not what was expected of them. */
  public static readonly DATA_CHECK_FAILED: string = ERROR_NAMES.dataCheckFailed;

  /** Redshift no longer tells how the statement ended; it may have done its work. */
  public static readonly STATEMENT_UNKNOWN: string = ERROR_NAMES.statementUnknown;

  /** All errors by cause. */
  public static readonly ALL_CAUSES: string[] = Object.values(ERROR_CAUSES).map(({ name }) => name);

  /**
   * The errors after which the same statement, sent again as it is, can succeed in a while, and has had no effect yet. So it is waited
   * for a lock or a session that another statement has, for as long as the `Retry` goes on.
   */
  public static readonly ALL_RETRYABLE: string[] = [
    ...Object.values(ERROR_CAUSES)
      .filter(({ retryable }) => retryable)
      .map(({ name }) => name),
    ERROR_NAMES.startInProgress,
    ERROR_NAMES.concurrentExecution,
    ERROR_NAMES.sessionBusy,
  ];

  private constructor() {}
}
