import { AwsError } from '../common/aws-error.ts';

/** A failure of the statement itself, in Redshift's words: it ends FAILED with this text. */
export class RedshiftError extends Error {
  override readonly name = 'RedshiftError';
}

export const validationError = (message: string): AwsError => new AwsError('ValidationException', message);

/** AWS would take it; the stage does not, and says so. */
export const notSupported = (what: string): AwsError => validationError(`${what} is not supported by the local stage.`);

export const unknownOperation = (operation: string): AwsError =>
  new AwsError('UnknownOperationException', `Operation ${operation} is not supported by the local stage.`, {
    status: 404,
  });

/** Also for the statements of another role: who may not see one does not learn that it exists. */
export const unknownStatement = (id: string): AwsError =>
  new AwsError('ResourceNotFoundException', 'Query does not exist.', { members: { ResourceId: id } });

export const noResult = (id: string): AwsError =>
  new AwsError(
    'ResourceNotFoundException',
    'Query does not have result. Please check query status with DescribeStatement.',
    { members: { ResourceId: id } },
  );

export const expired = (atMs: number): AwsError =>
  validationError(`Could not retrieve the query result as it has expired after ${Math.floor(atMs / 1000)}.`);

export const alreadyEnded = (state: string, id: string): AwsError =>
  validationError(`Could not cancel a query that is already in ${state} state with ID: ${id}`);

export const unusedParametersError = (names: readonly string[]): AwsError =>
  validationError(`Parameters list contains unused parameters. Unused parameters: [${names.join(', ')}]`);

/** Redshift's answer to a cluster or workgroup that does not exist. */
export const noEndpoint = (): AwsError => validationError("Redshift endpoint doesn't exist in this region.");

export const tooManyActiveStatements = (limit: number): AwsError =>
  new AwsError('ActiveStatementsExceededException', `Active statements exceeded the allowed quota (${limit}).`);

export const tooManyWaiting = (limit: number): AwsError =>
  new AwsError(
    'ActiveWaitingRequestsExceededException',
    `Active waiting requests exceeded the allowed quota (${limit}).`,
  );

/** Of the metadata calls only; the failure of a statement to connect is the statement's. */
export const databaseConnectionError = (): AwsError =>
  new AwsError('DatabaseConnectionException', 'Could not connect to the database.', { status: 500 });

export const queryTimeout = (): AwsError =>
  new AwsError('QueryTimeoutException', 'The metadata query took too long and was ended.');

export const tooManySessions = (limit: number): AwsError =>
  new AwsError('ActiveSessionsExceededException', `Active sessions exceeded the allowed quota (${limit}).`);

/** It runs a statement, or is closed: which of both, only ListSessions tells. */
export const sessionUnavailable = (): AwsError => validationError('Session is not available');

/** Never there, forgotten, or another role's. */
export const unknownSession = (id: string): AwsError => validationError(`Session with Id: ${id} is invalid.`);

/** The same, when it is asked for and not to be used. */
export const noSuchSession = (id: string): AwsError =>
  new AwsError('ResourceNotFoundException', 'Session does not exist.', { members: { ResourceId: id } });

/** Of one that is a batch as a whole. */
export const onlySubResults = (): AwsError =>
  validationError('BatchExecuteStatement result can only be retrieved with sub-statement id.');

/** AWS's own words are not known. */
export const wrongResultFormat = (operation: string, format: string): AwsError =>
  validationError(
    `${operation} does not return results in format ${format}; call ${format === 'CSV' ? 'GetStatementResultV2' : 'GetStatementResult'}.`,
  );

/** Too many calls a second. */
export const throttled = (): AwsError => new AwsError('ThrottlingException', 'Rate exceeded');

/** How the throttle of a workgroup comes: in a disguise that no SDK knows for a throttle. */
export const throttledWorkgroup = (requestId: string): AwsError =>
  validationError(
    `Service returned error code ThrottlingException (Service: RedshiftServerless, Status Code: 400, Request ID: ${requestId})`,
  );

/** What ran it has ended, or is about to; the statement itself is not to blame. */
export const environmentFailure = ({ id, isBatch }: { readonly id: string; readonly isBatch: boolean }): AwsError =>
  new AwsError(
    isBatch ? 'BatchExecuteStatementException' : 'ExecuteStatementException',
    'The local stage is ending; the statement will not be run.',
    { status: 500, members: { StatementId: id } },
  );
