import { ERROR_CAUSES } from './names.ts';

/** Why a statement failed, by a name that a state machine can list in `Catch` and `Retry`. */
export type ErrorCause = (typeof ERROR_CAUSES)[keyof typeof ERROR_CAUSES];

/** What proves a cause. */
interface Proof {
  readonly cause: ErrorCause;
  /** SQLSTATEs, or their classes of two characters. */
  readonly sqlStates: readonly string[];
  /** Forms of the message. Each begins with its beginning, and has one open place at the most: so user data is never taken for one, and a search takes linear time. */
  readonly messages: readonly RegExp[];
}

/**
 * The table of causes. Where each text is from: [PG] PostgreSQL's sources, whose texts Redshift, which comes from it, mostly has kept;
 * [R] recorded from Redshift, as the comment says. SQLSTATEs: appendix "PostgreSQL Error Codes"; Redshift gives its own errors
 * XX000, which proves nothing.
 */
const PROOFS: readonly Proof[] = [
  {
    cause: ERROR_CAUSES.serializationConflict,
    sqlStates: ['40001'],
    messages: [
      // [R] Troubleshooting serializable isolation errors; snowplow/snowplow-rdb-loader#557; estuary/connectors#5218
      /^1023(?:$|\s+details?:)/i,
      /^serializable isolation violation on table/i,
      // [R] aws/amazon-redshift-jdbc-driver#147: databases with snapshot isolation
      /^could not complete because of conflict with concurrent transaction/i,
      // [PG]
      /^could not serialize access due to/i,
      // [PG] and [R]: of two statements that change the same table or user at once, one has dropped or replaced it
      /^tuple concurrently (?:updated|deleted)$/i,
      /^could not open relation with OID \d+$/i,
    ],
  },
  {
    cause: ERROR_CAUSES.lockConflict,
    sqlStates: ['40P01', '55P03'],
    messages: [
      // [PG]; [R] Knowledge Center: detect and release locks
      /^deadlock detected$/i,
      /^could not obtain lock on /i,
      /^canceling statement due to lock timeout$/i,
    ],
  },
  {
    cause: ERROR_CAUSES.queryCancelled,
    sqlStates: ['57014'],
    messages: [
      // [R] pages CANCEL and statement_timeout; practo/tipoca-stream#144; appsmithorg/appsmith#4276
      /^query (?:\(\d+\) )?cancell?ed on user's request$/i,
      // [PG]
      /^canceling statement due to (?:statement timeout|user request)$/i,
    ],
  },
  {
    cause: ERROR_CAUSES.wlmAbort,
    sqlStates: [],
    messages: [
      // [R] Knowledge Center: why was my query aborted
      /^query (?:\(\d+\) )?cancell?ed by WLM abort action of query monitoring rule/i,
      // [R] awslabs/aws-lambda-redshift-loader#68: error 1020, system requested abort
      /^abort query$/i,
      /^system requested abort/i,
    ],
  },
  {
    cause: ERROR_CAUSES.diskFull,
    sqlStates: ['53100'],
    messages: [
      // [R] databricks/spark-redshift#348: error 1016
      /^disk full$/i,
      // [PG]
      /^could not (?:extend|write)[^]*: no space left on device$/i,
    ],
  },
  {
    cause: ERROR_CAUSES.throttled,
    sqlStates: ['53300'],
    messages: [
      // [R] how a workgroup's throttle is told: jitsucom/jitsu#1464
      /^service returned error code ThrottlingException/i,
      /^rate exceeded$/i,
      // [PG]
      /^(?:sorry, too many clients already|remaining connection slots are reserved)/i,
      /^too many connections for /i,
      // [R] S3's own throttle, through COPY and UNLOAD
      /^S3ServiceException:[^]*,Status 503,/i,
    ],
  },
  {
    cause: ERROR_CAUSES.permissionDenied,
    sqlStates: ['42501', '28P01', '28000'],
    messages: [
      // [PG]; [R] Teradata and dbt users' reports of "permission denied for relation", "… for schema"
      /^permission denied/i,
      /^must be (?:superuser|owner of|member of)/i,
      /^password authentication failed for user/i,
      // [R] page COPY, credentials; S3's refusal
      /^S3ServiceException:Access Denied,Status 403/i,
      // [R] snowplow/snowplow-rdb-loader: a role that is not the cluster's
      /^User arn:\S+ is not authorized to assume IAM Role/i,
      /^not authorized to get credentials of role/i,
    ],
  },
  {
    cause: ERROR_CAUSES.duplicateObject,
    sqlStates: ['42P07', '42701', '42710', '42723', '42P06', '42P04', '42712'],
    messages: [
      // [PG]; [R] artie-labs/transfer: column "foo" of relation "statement" already exists
      /^(?:relation|table|view|column|schema|database|user|role|group|function|procedure|type|constraint|language) [^]*already exists$/i,
    ],
  },
  {
    cause: ERROR_CAUSES.duplicateKey,
    sqlStates: ['23505'],
    // [PG]. Redshift enforces no unique constraints but those of its catalog
    messages: [/^duplicate key (?:value )?violates unique constraint /i, /^could not create unique index /i],
  },
  {
    cause: ERROR_CAUSES.sqlSyntaxError,
    sqlStates: ['42601'],
    messages: [
      // [PG]; [R] Using the Data API
      /^syntax error (?:at or near|at end of input|in )/i,
      /^unterminated (?:quoted|dollar-quoted|bit string|hexadecimal|\/\* comment)/i,
      /^zero-length delimited identifier/i,
      // [R] aws/aws-sdk-pandas#3024: a placeholder without a parameter
      /^no value specified for parameter \d+\.?$/i,
    ],
  },
  {
    cause: ERROR_CAUSES.undefinedObject,
    sqlStates: ['42P01', '42703', '42883', '42704', '3F000', '3D000'],
    messages: [
      // [PG]
      /^(?:relation|table|view|materialized view|external table|column|schema|database|user|role|group|function|procedure|operator|aggregate|type|sequence|index|constraint|language|library) [^]*does not exist$/i,
      /^operator does not exist: /i,
      /^(?:missing|invalid reference to) FROM-clause entry for table /i,
      // [R] estuary/connectors#918
      /^cannot COPY into nonexistent table /i,
      // [R] page S3ServiceException errors
      /^the specified S3 prefix [^]*does not exist$/i,
      /^S3ServiceException:[^]*,Status 404,/i,
    ],
  },
  {
    cause: ERROR_CAUSES.dataError,
    sqlStates: ['21000', '22', '23'],
    messages: [
      // [PG]
      /^(?:division|divide) by zero$/i,
      /^invalid input syntax for /i,
      /^invalid byte sequence for encoding /i,
      /^(?:numeric field overflow|(?:small|big)?(?:int(?:eger)?|interval|timestamp|date) out of range)$/i,
      /^value [^]*is out of range/i,
      /^value too long for (?:character )?type/i,
      /^(?:date\/time field value|timestamp|date) [^]*out of range/i,
      /^null value in column [^]*violates not-null constraint$/i,
      /^(?:new row for relation|insert or update on table|update or delete on table) [^]*violates /i,
      /^more than one row returned by a subquery used as an expression$/i,
      // [R] NUMERIC and decimal values: computations; error 1058
      /^numeric data overflow/i,
      // [R] page Load error reference: errors 1204, 1207, 1202 and others, which casts share with COPY
      /^string (?:length exceeds|contains invalid)/i,
      /^invalid (?:digit|exponent|character|timestamp|date|null byte|boolean|value)/i,
      /^overflow\b/i,
      /^(?:multibyte character not supported|missing data for not-null field|extra column\(s\) found|delimiter not found)/i,
      // [R] trinodb/trino: TestRedshiftConnectorTest
      /^cannot insert a NULL value into column /i,
      // [R] databricks/spark-redshift#53, of late sys_load_error_detail
      /^load into table [^]*failed\. {1,2}check /i,
      // [R] aws page MERGE
      /^found multiple matches to update the same tuple$/i,
    ],
  },
  {
    cause: ERROR_CAUSES.connectionFailed,
    sqlStates: ['08001', '08004', '57P03'],
    messages: [
      // [PG]
      /^the database system is (?:starting up|shutting down|in recovery mode)$/i,
      /^could not connect to server/i,
      // The drivers of the Data API (JDBC) and of the local stage
      /^(?:the connection attempt failed|connection (?:to \S+ )?refused|connect ECONNREFUSED|connect ETIMEDOUT)/i,
    ],
  },
  {
    cause: ERROR_CAUSES.connectionLost,
    sqlStates: ['08003', '08006', '08007', '57P01', '57P02'],
    messages: [
      // [PG]
      /^terminating connection /i,
      /^server closed the connection unexpectedly/i,
      // The drivers of the Data API (JDBC) and of the local stage
      /^(?:an I\/O error occurred while sending to the backend|this connection has been closed)/i,
      /^(?:connection terminated|connection reset|read ECONNRESET)/i,
    ],
  },
  {
    cause: ERROR_CAUSES.sessionNotAvailable,
    sqlStates: [],
    messages: [
      // [R] awslabs/mcp#4375: busy; #4587: reclaimed
      /^session is not available/i,
    ],
  },
  {
    cause: ERROR_CAUSES.sessionGone,
    sqlStates: [],
    messages: [
      // [R] awslabs/mcp#4587: one that never was
      /^session with id: \S+ is invalid/i,
      // The local stage
      /^session \S+ does not exist or has been closed/i,
    ],
  },
  {
    cause: ERROR_CAUSES.warehousePaused,
    sqlStates: [],
    // No recorded text was found: the local stage's, and what AWS's pages say of paused clusters.
    messages: [/^the (?:warehouse|cluster|workgroup) (?:\S+ )?is paused/i],
  },
];

/** Messages are shorter; more of a text is not looked at. */
const MAX_LENGTH = 8_192;

/** What stands before the message: how severe it is, and in some forms its SQLSTATE. */
const HEAD = /^\s{0,8}(?:\[([0-9A-Z]{5})\] ?)?(?:(?:ERROR|FATAL|PANIC): {0,2})?(?:([0-9A-Z]{5}): )?/;

/** The parts that follow a message, on lines of their own: they may hold user data. */
const NEXT_PART =
  /\n {0,4}(?:details?|hint|where|position|context|location|schema|table|column|datatype|constraint|query|call|server sqlstate):/i;

/** What Redshift adds to the message itself. */
const ERROR_ID = / {0,2}\[ErrorId: [\w-]{1,80}\]$/;

/** Where Redshift has stopped a statement by a rule of its own: other ends ABORTED are somebody's wish, whatever words they have. */
const OF_ABORTED: readonly ErrorCause[] = [ERROR_CAUSES.wlmAbort];

/** The error's name for a statement that ended so: by its cause, or else by its state. */
export const errorNameByCause = (state: 'FAILED' | 'ABORTED', errorText: string): string => {
  const cause = causeOf(errorText);
  const isNamed = cause !== undefined && (state === 'FAILED' || OF_ABORTED.includes(cause));
  return isNamed ? cause.name : state;
};

/** The cause that the error text of a statement proves; undefined for a text that is not known. */
export const causeOf = (errorText: string): ErrorCause | undefined => {
  const text = errorText.slice(0, MAX_LENGTH);
  const [head, ...states] = HEAD.exec(text) ?? [''];
  const rest = text.slice(head.length);
  const [message = ''] = rest.split(NEXT_PART, 1).map((part) => part.trim().replace(ERROR_ID, ''));
  const sqlState = states.find((state) => state !== undefined);
  const proof =
    (sqlState && bySqlState(sqlState)) || PROOFS.find((one) => one.messages.some((form) => form.test(message)));
  return proof?.cause;
};

const bySqlState = (sqlState: string): Proof | undefined =>
  [sqlState, sqlState.slice(0, 2)].flatMap((code) => PROOFS.filter(({ sqlStates }) => sqlStates.includes(code)))[0];
