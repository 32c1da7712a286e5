import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import type { CompletedPart } from '@aws-sdk/client-s3';
import type { ObjectStore, Upload } from '../s3/object-store.ts';
import type { Compression } from '../sql/copy.ts';
import type { S3Location } from '../sql/option-reader.ts';

/** Gathered before it is compressed. Compressed pieces in a row are together compressed, for gzip as for zstd. */
const PIECE_BYTES = 1024 * 1024;
/** Between S3's least, 5 MiB, and the stage's most in one request, 11 MiB. */
const PART_BYTES = 8 * 1024 * 1024;

const COMPRESSORS = { gzip: promisify(gzip), zstd: promisify(zstdCompress) };

/** One object that is written piece by piece: in one call while it is small, in parts when it is not. */
export class UnloadFile {
  readonly location: S3Location;
  readonly #store: ObjectStore;
  readonly #compression: Compression | undefined;
  #piece: Buffer[] = [];
  #pieceBytes = 0;
  #rest: Buffer = Buffer.alloc(0);
  #upload: Upload | undefined;
  #parts: CompletedPart[] = [];
  #written = 0;

  constructor(store: ObjectStore, location: S3Location, compression: Compression | undefined) {
    this.#store = store;
    this.location = location;
    this.#compression = compression;
  }

  /** In bytes, as far as it is known before the last piece is compressed. */
  get size(): number {
    return this.#written + this.#pieceBytes;
  }

  async write(bytes: Buffer): Promise<void> {
    this.#piece.push(bytes);
    this.#pieceBytes += bytes.length;
    if (this.#pieceBytes >= PIECE_BYTES) await this.#endPiece();
  }

  async end(): Promise<void> {
    await this.#endPiece();
    if (!this.#upload) return await this.#store.put(this.location, this.#rest);
    if (this.#rest.length > 0) await this.#sendPart(this.#upload, this.#rest);
    await this.#store.completeUpload(this.#upload, this.#parts);
  }

  /** Takes back what is not an object yet. */
  async abort(): Promise<void> {
    if (this.#upload) await this.#store.abortUpload(this.#upload);
  }

  async #endPiece(): Promise<void> {
    const piece = Buffer.concat(this.#piece);
    this.#piece = [];
    this.#pieceBytes = 0;
    const bytes = this.#compression ? await COMPRESSORS[this.#compression](piece) : piece;
    this.#written += bytes.length;
    this.#rest = Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= PART_BYTES) {
      this.#upload ??= await this.#store.beginUpload(this.location);
      await this.#sendPart(this.#upload, this.#rest.subarray(0, PART_BYTES));
      this.#rest = this.#rest.subarray(PART_BYTES);
    }
  }

  async #sendPart(upload: Upload, bytes: Buffer): Promise<void> {
    this.#parts.push(await this.#store.uploadPart(upload, this.#parts.length + 1, bytes));
  }
}
