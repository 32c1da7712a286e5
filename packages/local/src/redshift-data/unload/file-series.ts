import type { ObjectStore } from '../s3/object-store.ts';
import type { S3Location } from '../sql/option-reader.ts';
import type { UnloadStatement } from '../sql/unload.ts';
import { UnloadFile } from './unload-file.ts';

type Settings = Pick<UnloadStatement, 'compression' | 'extension' | 'isParallel' | 'maxFileBytes'>;

const EXTENSIONS = { gzip: '.gz', zstd: '.zst' };

/** The files with one prefix: a new one begins when the next row would make one too large. The stage has one slice. */
export class FileSeries {
  readonly #store: ObjectStore;
  readonly #prefix: S3Location;
  readonly #settings: Settings;
  readonly #header: Buffer | undefined;
  readonly #done: S3Location[] = [];
  #current: UnloadFile | undefined;

  constructor(store: ObjectStore, prefix: S3Location, settings: Settings, header: Buffer | undefined) {
    this.#store = store;
    this.#prefix = prefix;
    this.#settings = settings;
    this.#header = header;
  }

  async write(row: Buffer): Promise<void> {
    if (this.#current && this.#current.size + row.length > this.#settings.maxFileBytes)
      await this.#endFile(this.#current);
    this.#current ??= await this.#begin();
    await this.#current.write(row);
  }

  /** @returns the objects, all written */
  async end(): Promise<readonly S3Location[]> {
    if (this.#current) await this.#endFile(this.#current);
    return this.#done;
  }

  async abort(): Promise<void> {
    await this.#current?.abort();
  }

  async #begin(): Promise<UnloadFile> {
    const { bucket, key } = this.#prefix;
    const location = { bucket, key: `${key}${this.#nameOf(this.#done.length)}` };
    const file = new UnloadFile(this.#store, location, this.#settings.compression);
    if (this.#header) await file.write(this.#header);
    return file;
  }

  async #endFile(file: UnloadFile): Promise<void> {
    await file.end();
    this.#done.push(file.location);
    this.#current = undefined;
  }

  /** A given extension takes the place of that of the compression. */
  #nameOf(n: number): string {
    const { isParallel, compression, extension } = this.#settings;
    const number = isParallel ? `0000_part_${String(n).padStart(2, '0')}` : String(n).padStart(3, '0');
    if (extension !== undefined) return `${number}.${extension}`;
    return compression ? `${number}${EXTENSIONS[compression]}` : number;
  }
}
