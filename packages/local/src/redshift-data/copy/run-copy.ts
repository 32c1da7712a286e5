import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DatabaseError, escapeIdentifier } from 'pg';
import { from } from 'pg-copy-streams';
import { RedshiftError } from '../errors.ts';
import type { Session } from '../postgres/backend.ts';
import type { QueryOutcome } from '../results/outcome.ts';
import { ObjectStore } from '../s3/object-store.ts';
import { accessFor, type S3Deps } from '../s3/role-access.ts';
import type { CopyStatement } from '../sql/copy.ts';
import type { Statement } from '../statement.ts';
import { parseJsonPaths } from './json-paths.ts';
import type { JsonMapping } from './json-records.ts';
import { LoadError } from './load-error.ts';
import { lineOf, recordsOf } from './load-lines.ts';
import { sourceObjects } from './source-objects.ts';
import { type LoadColumn, loadColumns, qualifiedName } from './table-columns.ts';

export type CopyDeps = S3Deps;

/** Loads objects of S3, read under the role that the statement names, into a table: all of them or, on an error, none. */
export const runCopy = async (
  session: Session,
  copy: CopyStatement,
  { id, submission, cancellation }: Statement,
  deps: S3Deps,
): Promise<QueryOutcome> => {
  const access = accessFor({ command: 'COPY', ...copy, statementId: id, target: submission.target }, deps);
  const columns = await loadColumns(session.client, copy);
  const store = new ObjectStore(access, cancellation);
  try {
    return { rows: await load(session, copy, columns, store), bytes: 0 };
  } finally {
    store.close();
  }
};

const load = async (
  { client }: Session,
  copy: CopyStatement,
  columns: readonly LoadColumn[],
  store: ObjectStore,
): Promise<number> => {
  const list = columns.map(({ name }) => escapeIdentifier(name)).join(', ');
  const mapping = await mappingOf(copy, store);
  const target = client.query(from(`copy ${qualifiedName(copy)} (${list}) from stdin`));
  try {
    await pipeline(Readable.from(lines(copy, columns, mapping, store)), target);
  } catch (error) {
    throw isOfTheData(error) ? loadFailed(copy, error) : error;
  }
  return target.rowCount;
};

const mappingOf = async ({ format }: CopyStatement, store: ObjectStore): Promise<JsonMapping> => {
  if (format.kind !== 'json') return 'auto';
  if (typeof format.mapping === 'string') return format.mapping;
  return parseJsonPaths(await store.getText(format.mapping)) ?? 'auto';
};

async function* lines(
  copy: CopyStatement,
  columns: readonly LoadColumn[],
  mapping: JsonMapping,
  store: ObjectStore,
): AsyncGenerator<string> {
  let record = 0;
  for await (const object of sourceObjects(copy, store))
    for await (const fields of recordsOf(object, copy, mapping, columns)) {
      record += 1;
      try {
        yield lineOf(fields, columns, copy);
      } catch (error) {
        throw error instanceof LoadError ? loadFailed(copy, error, { record, column: error.column }) : error;
      }
    }
}

/** Of PostgreSQL class 22, data exceptions, and 23, broken constraints; of those, Redshift has only NOT NULL. */
const isOfTheData = (error: unknown): error is LoadError | DatabaseError =>
  error instanceof LoadError || (error instanceof DatabaseError && /^2[23]/.test(error.code ?? ''));

interface Place {
  readonly record: string | number;
  readonly column: string | undefined;
}

const placeIn = ({ where = '' }: DatabaseError): Place | undefined => {
  const [, record, column] = /line (\d+)(?:, column ([^:]+))?/.exec(where) ?? [];
  return record === undefined ? undefined : { record, column };
};

/** Redshift keeps the reason in a system table, which the stage does not have: it stands in the detail instead. */
const loadFailed = (
  { table }: CopyStatement,
  error: LoadError | DatabaseError,
  place = error instanceof DatabaseError ? placeIn(error) : undefined,
): RedshiftError => {
  const { record, column } = place ?? {};
  const at = record === undefined ? '' : ` (record ${record}${column === undefined ? '' : `, column ${column}`})`;
  return new RedshiftError(
    `ERROR: Load into table '${table}' failed.  Check 'stl_load_errors' system table for details.\n  Detail: ${error.message}${at}`,
  );
};
