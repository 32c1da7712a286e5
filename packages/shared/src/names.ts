/**
 * The names that the parts agree on. This file imports nothing, so that the construct can generate its constants from it
 * without carrying the contract's checks along.
 */

/** Version of the contract that this build speaks. Fields are only added; a new meaning is a new version. */
export const CONTRACT_VERSION = 1;

/** Names a state machine can list in `Catch` and `Retry`, besides the Data API's own exception names for refused calls. */
export const ERROR_NAMES = {
  failed: 'FAILED',
  aborted: 'ABORTED',
  concurrentExecution: 'ConcurrentExecution',
  invalidRequest: 'InvalidRequest',
  previousExecutionNotFound: 'PreviousExecutionNotFound',
  startInProgress: 'StartInProgress',
  startUncertain: 'StartUncertain',
  responseTooLarge: 'ResponseTooLarge',
  /** The statement finished, but its output is more than a callback takes. */
  outputTooLarge: 'OutputTooLarge',
  /** The statement finished, but its output was refused by who waits for it. */
  outputRefused: 'OutputRefused',
  /** The statement finished, but its result is none of the form that was asked for. */
  resultMismatch: 'ResultMismatch',
  /** The statement finished, but gave more rows than `maxRows`. */
  tooManyRows: 'TooManyRows',
  /** The statement finished, but its rows could not be read. */
  resultUnreadable: 'ResultUnreadable',
  /** The statement finished, but its rows could not be written to S3. */
  resultNotStored: 'ResultNotStored',
  /** The statement finished, but has given more rows than could be carried to S3 in the time of the function. */
  resultTooLarge: 'ResultTooLarge',
  /** The statement finished, but its rows are not what was expected of them. */
  dataCheckFailed: 'DataCheckFailed',
  /** Redshift no longer tells how the statement ended; it may have done its work. */
  statementUnknown: 'StatementUnknown',
  /** The session that a request names runs another statement. */
  sessionBusy: 'SessionBusy',
  /** The session that a request names is closed, was never there, or is another owner role's. */
  sessionGone: 'SessionGone',
} as const;

/**
 * Names of a failed statement by its cause, for requests with `errors: 'cause'`; what no name is known for stays `FAILED`.
 * `retryable`: whether the same statement, sent again as it is, can succeed in a while.
 */
export const ERROR_CAUSES = {
  /** The text is no SQL. */
  sqlSyntaxError: { name: 'SqlSyntaxError', retryable: false },
  /** A table, column, function, schema, bucket, … is not there. */
  undefinedObject: { name: 'UndefinedObject', retryable: false },
  /** The database user, or the role of a COPY or UNLOAD, may not do this; or may not log in. */
  permissionDenied: { name: 'PermissionDenied', retryable: false },
  /** Another transaction has changed what this one has read or writes, such as error 1023. */
  serializationConflict: { name: 'SerializationConflict', retryable: true },
  /** A deadlock, or a lock that was not to be had. */
  lockConflict: { name: 'LockConflict', retryable: true },
  /** A table, column, schema, … is there already. */
  duplicateObject: { name: 'DuplicateObject', retryable: false },
  /** A unique constraint is violated. */
  duplicateKey: { name: 'DuplicateKey', retryable: false },
  /** A value does not go with its type, its column or a computation; or a COPY has met such rows. */
  dataError: { name: 'DataError', retryable: false },
  /** The storage of the warehouse is used up. What others have in use they may give back, but mostly the same statement fails again. */
  diskFull: { name: 'DiskFull', retryable: false },
  /** Stopped by `statement_timeout`, by the time limit of a queue (WLM), or by another session's CANCEL: Redshift words them alike. */
  queryCancelled: { name: 'QueryCancelled', retryable: false },
  /** Stopped by a query monitoring rule, or by the system. */
  wlmAbort: { name: 'WlmAbort', retryable: false },
  /** The warehouse could not be connected to: nothing was run. */
  connectionFailed: { name: 'ConnectionFailed', retryable: true },
  /** The connection was lost. What was running may have been committed, so it is for the user to say whether it may run again. */
  connectionLost: { name: 'ConnectionLost', retryable: false },
  /** The statement was taken, but its session is closed, or was never there: as where a request for one is refused. */
  sessionGone: { name: ERROR_NAMES.sessionGone, retryable: false },
  /** The statement was taken, but its session is closed or busy, which Redshift words alike, and nobody can ask later which it was. */
  sessionNotAvailable: { name: 'SessionNotAvailable', retryable: false },
  /** The warehouse is paused, and is not resumed by a statement. */
  warehousePaused: { name: 'WarehousePaused', retryable: false },
  /** Too many connections or requests at once. */
  throttled: { name: 'Throttled', retryable: true },
} as const;

/** What ids of statements and sessions look like, as the Data API's reference says; of a part of a batch, its number follows. */
export const DATA_API_ID = String.raw`[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d{0,2})?`;

/** Environment variables that the construct sets and the handlers read. */
export const ENVIRONMENT = {
  tableName: 'SFN_REDSHIFT_TABLE_NAME',
  statementNamePrefix: 'SFN_REDSHIFT_STATEMENT_NAME_PREFIX',
  retentionDays: 'SFN_REDSHIFT_RETENTION_DAYS',
  targetId: 'SFN_REDSHIFT_TARGET_ID',
  clusterIdentifier: 'SFN_REDSHIFT_CLUSTER_IDENTIFIER',
  database: 'SFN_REDSHIFT_DATABASE',
  /** With a workgroup or a secret there is none; without any of them the database user follows from the IAM identity. */
  dbUser: 'SFN_REDSHIFT_DB_USER',
  /** Name or ARN; stands in place of the cluster identifier. */
  workgroupName: 'SFN_REDSHIFT_WORKGROUP_NAME',
  /** Name or ARN of the secret with the database user's name and password. */
  secretArn: 'SFN_REDSHIFT_SECRET_ARN',
  /** The customer's key that the warehouse is encrypted with, where there is one. */
  warehouseKeyArn: 'SFN_REDSHIFT_WAREHOUSE_KEY_ARN',
  ownerRoleArn: 'SFN_REDSHIFT_OWNER_ROLE_ARN',
  /** `true` where the owner role is another than the invoker's own: the invoker then assumes it to call the Data API. */
  assumesOwnerRole: 'SFN_REDSHIFT_ASSUMES_OWNER_ROLE',
  completionQueueUrl: 'SFN_REDSHIFT_COMPLETION_QUEUE_URL',
  /** Most sandboxes of the drain that work at once; they share the account's quotas. */
  maxConcurrency: 'SFN_REDSHIFT_MAX_CONCURRENCY',
  /** `false` where statements are sent without a comment that tells whose they are. */
  sqlComment: 'SFN_REDSHIFT_SQL_COMMENT',
  /** Time between two runs of the sweep, such as `5 minutes`; absent where it is switched off. */
  sweepInterval: 'SFN_REDSHIFT_SWEEP_INTERVAL',
  /** Read by Powertools: the CloudWatch namespace of the metrics. */
  metricsNamespace: 'POWERTOOLS_METRICS_NAMESPACE',
  /** Read by Powertools: the `service` dimension and log field. */
  serviceName: 'POWERTOOLS_SERVICE_NAME',
} as const;

/** The tracking table: its keys, its indexes and the attribute that DynamoDB expires rows by. */
export const TABLE = {
  partitionKey: 'owner',
  sortKey: 'invocationKey',
  /** Local index: the statements of one owner by start time; serves `LATEST` in one consistent query. */
  startedAtIndex: 'byStartedAt',
  startedAt: 'startedAt',
  /** Sparse global index: what is still open, by start time. A closed item leaves it. */
  openIndex: 'byOpen',
  open: 'open',
  /** The value of `open` of nearly all: at 30 starts per second (the account's quota) one index partition is ample. */
  openValue: 'open',
  /** Its other value: of statements that the sweep looks at in every run, whatever their age. */
  watchedValue: 'watched',
  timeToLive: 'expiresAt',
} as const;

/** So many runs of the sweep must fit into the time between heartbeats: one may come late, and one may be missed. */
export const RUNS_WITHIN_HEARTBEAT = 3;

/** What EventBridge carries when a statement that asked for it ends. */
export const COMPLETION_EVENT = {
  source: 'aws.redshift-data',
  detailType: 'Redshift Data Statement Status Change',
} as const;

/** What EventBridge carries when an execution of Step Functions has ended otherwise than well. */
export const EXECUTION_EVENT = {
  source: 'aws.states',
  detailType: 'Step Functions Execution Status Change',
  statuses: ['ABORTED', 'TIMED_OUT', 'FAILED'],
} as const;

/**
 * What becomes of that event in the completion queue: a message of this type, with these fields of the event's detail and
 * no others. Input and output of executions stay out of the queue.
 */
export const EXECUTION_ENDED = {
  type: 'executionEnded',
  detail: ['executionArn', 'status', 'redriveCount', 'stopDate'],
} as const;

/** Ends a statement-name prefix, and may not stand inside one: so no prefix is the beginning of another. */
export const STATEMENT_NAME_SEPARATOR = '/';

/** Longest statement-name prefix, separator included; leaves room for the key within 500 characters. */
export const MAX_PREFIX_LENGTH = 80;

/** CloudWatch metric names (unit Count unless the name says otherwise), in the namespace below, one `service` each. */
export const METRICS = {
  statementStarted: 'StatementStarted',
  startRepeated: 'StartRepeated',
  startRefused: 'StartRefused',
  startUncertain: 'StartUncertain',
  noteFailed: 'NoteFailed',
  /** A request was given a statement that another one had started. */
  statementAdopted: 'StatementAdopted',
  /** The statement of an earlier attempt was cancelled, to start anew. */
  statementRestarted: 'StatementRestarted',
  /** A request was refused because another statement holds its lock. */
  lockHeld: 'LockHeld',
  /** A lock was taken from a holder that is closed, or never came to claim its item. */
  lockStolen: 'LockStolen',
  /** A lock stays with a holder that has ended; who wants it takes it. */
  lockNotReleased: 'LockNotReleased',
  callbackDelivered: 'CallbackDelivered',
  callbackUndeliverable: 'CallbackUndeliverable',
  statementFailed: 'StatementFailed',
  statementAborted: 'StatementAborted',
  /** A statement finished, but its task failed for its rows: they do not fit, cannot be read or written, or fail a check. */
  resultFailed: 'ResultFailed',
  errorTextMissing: 'ErrorTextMissing',
  /** A cancel that the Data API has accepted, because nobody waits for the statement any more. */
  statementCancelled: 'StatementCancelled',
  /** A cancel that it has accepted, because the statement ran longer than its request allows. */
  statementOverran: 'StatementOverran',
  /** A cancel that it has refused for good, or for want of a permission. */
  cancelRefused: 'CancelRefused',
  /** An execution that ended and had no statement open here; mostly one that is none of ours. */
  executionForeign: 'ExecutionForeign',
  messageMalformed: 'MessageMalformed',
  messageForeign: 'MessageForeign',
  messageUnknownItem: 'MessageUnknownItem',
  messageDuplicate: 'MessageDuplicate',
  messageMismatched: 'MessageMismatched',
  messageDeferred: 'MessageDeferred',
  messageRetried: 'MessageRetried',
  /** The sweep found a statement that had ended unheard, or a start that will never be heard of, and told its task. */
  statementRescued: 'StatementRescued',
  /** How a statement ended, or whether it ran, cannot be known any more. */
  statementUnknown: 'StatementUnknown',
  /** A due statement could not be looked at; it will be due again. */
  sweepCheckFailed: 'SweepCheckFailed',
  /** A run's time was over before all that was due was looked at; the next run goes on from there. */
  sweepUnfinished: 'SweepUnfinished',
} as const;

export const METRICS_NAMESPACE = 'SfnRedshiftTasker';

/** Values of the `service` dimension: which function a metric or log line is from. */
export const SERVICES = { invoker: 'invoker', drain: 'drain', sweep: 'sweep' } as const;
