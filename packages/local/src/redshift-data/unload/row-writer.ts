import type { FieldDef } from 'pg';
import type { Cell } from '../results/outcome.ts';
import { resultTypeOf } from '../results/types.ts';
import type { ObjectStore } from '../s3/object-store.ts';
import type { S3Location } from '../sql/option-reader.ts';
import type { UnloadStatement } from '../sql/unload.ts';
import { FileSeries } from './file-series.ts';
import { folderOf, type Partitioning, partitioningOf } from './partitions.ts';
import type { QueryPage } from './query-rows.ts';
import { type RowFormat, rowFormat, type UnloadColumn } from './row-format.ts';

interface Layout {
  readonly partitioning: Partitioning;
  readonly format: RowFormat;
}

/** Writes the rows of a query, partition after partition. */
export class RowWriter {
  readonly #store: ObjectStore;
  readonly #target: S3Location;
  readonly #unload: UnloadStatement;
  readonly #files: S3Location[] = [];
  #layout: Layout | undefined;
  #folder: string | undefined;
  #series: FileSeries | undefined;
  #rows = 0;

  constructor(store: ObjectStore, target: S3Location, unload: UnloadStatement) {
    this.#store = store;
    this.#target = target;
    this.#unload = unload;
  }

  /** Written so far. */
  get rows(): number {
    return this.#rows;
  }

  async write({ fields, rows }: QueryPage): Promise<void> {
    this.#layout ??= layoutOf(fields, this.#unload);
    const { partitioning, format } = this.#layout;
    for (const row of rows) {
      const series = await this.#seriesFor(folderOf(row, partitioning, fields), format);
      const cells = partitioning.written.map((i): Cell => row[i] ?? null);
      await series.write(Buffer.from(format.line(cells)));
      this.#rows += 1;
    }
  }

  /** @returns the objects; none when there were no rows */
  async end(): Promise<readonly S3Location[]> {
    this.#files.push(...((await this.#series?.end()) ?? []));
    return this.#files;
  }

  async abort(): Promise<void> {
    await this.#series?.abort();
  }

  async #seriesFor(folder: string, { header }: RowFormat): Promise<FileSeries> {
    if (this.#series && folder === this.#folder) return this.#series;
    await this.end();
    const { bucket, key } = this.#target;
    const prefix = { bucket, key: `${key}${folder}` };
    if (folder !== '' && this.#unload.existing === 'delete') await this.#empty(prefix);
    this.#folder = folder;
    this.#series = new FileSeries(this.#store, prefix, this.#unload, headerOf(header, this.#unload));
    return this.#series;
  }

  async #empty(prefix: S3Location): Promise<void> {
    const objects = await this.#store.list(prefix);
    await this.#store.delete(
      prefix.bucket,
      objects.map(({ key }) => key),
    );
  }
}

const headerOf = (header: string, { hasHeader }: UnloadStatement): Buffer | undefined =>
  hasHeader ? Buffer.from(header) : undefined;

const layoutOf = (fields: readonly FieldDef[], unload: UnloadStatement): Layout => {
  const partitioning = partitioningOf(fields, unload);
  const columns = partitioning.written.map((i) => columnOf(fields[i] as FieldDef));
  return { partitioning, format: rowFormat(unload.format, columns) };
};

const TEXT = ['varchar', 'bpchar', 'char', 'name'];

const columnOf = (field: FieldDef): UnloadColumn => {
  const { kind, name } = resultTypeOf(field);
  return { name: field.name, kind: unloadKind(kind, name) };
};

const unloadKind = (kind: string, type: string): UnloadColumn['kind'] => {
  if (TEXT.includes(type)) return 'text';
  if (type === 'super') return 'json';
  return kind === 'long' || kind === 'double' || type === 'numeric' ? 'number' : 'other';
};
