import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DatabaseError, escapeIdentifier } from 'pg';
import { from } from 'pg-copy-streams';
import type { Account } from '../../common/account.ts';
import { arnIn } from '../../common/arn.ts';
import { AwsError } from '../../common/aws-error.ts';
import type { RoleAssumer } from '../../common/ports.ts';
import { RedshiftError } from '../errors.ts';
import type { Session } from '../postgres/backend.ts';
import type { QueryOutcome } from '../results/outcome.ts';
import type { CopyStatement } from '../sql/copy.ts';
import type { Statement } from '../statement.ts';
import { copyLine } from './copy-lines.ts';
import { csvRecords } from './csv-rows.ts';
import { LoadError } from './load-error.ts';
import { objectsUnder, type S3Access } from './s3-source.ts';
import { type LoadColumn, loadColumns, qualifiedName } from './table-columns.ts';

export interface CopyDeps {
  readonly account: Account;
  readonly roles: RoleAssumer;
  readonly endpoint: () => string;
}

/** Loads CSV objects of S3, read under the role that the statement names, into a table: all of them or, on any error, none. */
export const runCopy = async (
  { client }: Session,
  copy: CopyStatement,
  statement: Statement,
  deps: CopyDeps,
): Promise<QueryOutcome> => {
  refuseForeignRegion(copy, deps.account);
  const access = accessFor(copy, statement, deps);
  const columns = await loadColumns(client, copy);
  const list = columns.map(({ name }) => escapeIdentifier(name)).join(', ');
  const target = client.query(from(`copy ${qualifiedName(copy)} (${list}) from stdin`));
  try {
    await pipeline(Readable.from(lines(copy, columns, access, statement.cancellation)), target);
  } catch (error) {
    throw isOfTheData(error) ? loadFailed(copy, error) : error;
  }
  return { rows: target.rowCount, bytes: 0 };
};

async function* lines(
  copy: CopyStatement,
  columns: readonly LoadColumn[],
  access: S3Access,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const object of objectsUnder(copy.bucket, copy.prefix, access, signal))
    for await (const record of csvRecords(object, copy)) yield copyLine(record, columns);
}

const accessFor = (copy: CopyStatement, { id, submission }: Statement, deps: CopyDeps): S3Access => {
  const { account, roles, endpoint } = deps;
  try {
    const caller = roles.assume(copy.roleArn, 'redshift.amazonaws.com', `copy-${id}`);
    return { endpoint: endpoint(), region: account.region, credentials: roles.credentialsFor(caller) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const { warehouse, user } = submission.target;
    const who = arnIn(account, 'redshift', `dbuser:${warehouse.name}/${user}`);
    throw new RedshiftError(`ERROR: User ${who} is not authorized to assume IAM Role ${copy.roleArn}`);
  }
};

/** The stage's S3 is in the stage's region only. */
const refuseForeignRegion = ({ region }: CopyStatement, account: Account): void => {
  if (region !== undefined && region !== account.region)
    throw new RedshiftError(`ERROR: COPY option REGION '${region}' is not supported by the local stage`);
};

/** PostgreSQL's class 22, data exceptions, and 23, broken constraints; of those, Redshift has only NOT NULL. */
const isOfTheData = (error: unknown): error is Error =>
  error instanceof LoadError || (error instanceof DatabaseError && /^2[23]/.test(error.code ?? ''));

/** Redshift keeps the reason in a system table, which the stage does not have: it stands in the detail instead. */
const loadFailed = ({ table }: CopyStatement, error: Error): RedshiftError => {
  const where = error instanceof DatabaseError ? /line (\d+)(?:, column ([^:]+))?/.exec(error.where ?? '') : null;
  const place = where ? ` (record ${where[1]}${where[2] ? `, column ${where[2]}` : ''})` : '';
  return new RedshiftError(
    `ERROR: Load into table '${table}' failed.  Check 'stl_load_errors' system table for details.\n  Detail: ${error.message}${place}`,
  );
};
