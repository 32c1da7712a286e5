import { RedshiftError } from '../errors.ts';
import type { Session } from '../postgres/backend.ts';
import type { QueryOutcome } from '../results/outcome.ts';
import { ObjectStore } from '../s3/object-store.ts';
import { accessFor, type S3Deps } from '../s3/role-access.ts';
import type { S3Location } from '../sql/option-reader.ts';
import type { UnloadStatement } from '../sql/unload.ts';
import type { Statement } from '../statement.ts';
import { partitioned } from './partitions.ts';
import { queryPages, type UnloadQuery } from './query-rows.ts';
import { RowWriter } from './row-writer.ts';

/**
 * Writes the result of a query to objects of S3, under the role that the statement names. What was written before an error
 * stays, as in Redshift: there is no transaction over S3.
 */
export const runUnload = async (
  { client }: Session,
  unload: UnloadStatement,
  query: UnloadQuery,
  { id, submission, cancellation }: Statement,
  deps: S3Deps,
): Promise<QueryOutcome> => {
  const access = accessFor({ command: 'UNLOAD', ...unload, statementId: id, target: submission.target }, deps);
  const store = new ObjectStore(access, cancellation);
  try {
    const target = { ...unload.target, key: prefixOf(unload) };
    await clear(store, target, unload);
    const writer = new RowWriter(store, target, unload);
    try {
      for await (const page of queryPages(client, query, partitioned(unload.partitionBy))) await writer.write(page);
      const files = await writer.end();
      if (unload.hasManifest && files.length > 0) await writeManifest(store, target, files);
    } catch (error) {
      await writer.abort();
      throw error;
    }
    return { rows: writer.rows, bytes: 0 };
  } finally {
    store.close();
  }
};

/** Partitions are folders below the target. */
const prefixOf = ({ target: { key }, partitionBy }: UnloadStatement): string =>
  partitionBy.length > 0 && key !== '' && !key.endsWith('/') ? `${key}/` : key;

const clear = async (store: ObjectStore, target: S3Location, { existing, partitionBy }: UnloadStatement) => {
  if (existing === 'overwrite' || (existing === 'delete' && partitionBy.length > 0)) return;
  const keys = (await store.list(target)).map(({ key }) => key);
  if (existing === 'delete') return await store.delete(target.bucket, keys);
  if (keys.length > 0)
    throw new RedshiftError(
      'ERROR: Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option.',
    );
};

const writeManifest = (store: ObjectStore, { bucket, key }: S3Location, files: readonly S3Location[]) => {
  const entries = files.map((file) => ({ url: `s3://${file.bucket}/${file.key}` }));
  return store.put({ bucket, key: `${key}manifest` }, Buffer.from(`${JSON.stringify({ entries }, null, 2)}\n`));
};
