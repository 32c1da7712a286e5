import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { RedshiftError } from '../errors.ts';
import type { S3Location } from '../sql/option-reader.ts';
import type { S3Access } from './role-access.ts';

/** As many keys as S3 takes in one call. */
const DELETED_AT_ONCE = 1000;

export interface ListedObject extends S3Location {
  readonly bytes: number;
}

/** An upload in parts. */
export interface Upload extends S3Location {
  readonly id: string;
}

/** The calls that COPY and UNLOAD make, until `signal` ends them; what S3 refuses becomes Redshift's error. */
export class ObjectStore {
  readonly #s3: S3Client;
  readonly #signal: AbortSignal;

  constructor(access: S3Access, signal: AbortSignal) {
    this.#s3 = new S3Client({ ...access, forcePathStyle: true, maxAttempts: 1 });
    this.#signal = signal;
  }

  /** All objects whose keys begin so, in the order of their keys. */
  async list({ bucket, key: Prefix }: S3Location): Promise<readonly ListedObject[]> {
    const found: ListedObject[] = [];
    let ContinuationToken: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix, ContinuationToken });
      const page = await this.#orFail((abortSignal) => this.#s3.send(command, { abortSignal }));
      for (const { Key, Size = 0 } of page.Contents ?? []) if (Key) found.push({ bucket, key: Key, bytes: Size });
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    return found;
  }

  async get({ bucket, key }: S3Location): Promise<AsyncIterable<Uint8Array>> {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key });
    const { Body } = await this.#orFail((abortSignal) => this.#s3.send(command, { abortSignal }));
    return Body as AsyncIterable<Uint8Array>;
  }

  async getText(location: S3Location): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of await this.get(location)) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  async put({ bucket, key }: S3Location, body: Uint8Array): Promise<void> {
    const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body });
    await this.#orFail((abortSignal) => this.#s3.send(command, { abortSignal }));
  }

  async delete(bucket: string, keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += DELETED_AT_ONCE) {
      const Objects = keys.slice(at, at + DELETED_AT_ONCE).map((Key) => ({ Key }));
      const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
      await this.#orFail((abortSignal) => this.#s3.send(command, { abortSignal }));
    }
  }

  async beginUpload({ bucket, key }: S3Location): Promise<Upload> {
    const command = new CreateMultipartUploadCommand({ Bucket: bucket, Key: key });
    const { UploadId } = await this.#orFail((abortSignal) => this.#s3.send(command, { abortSignal }));
    return { bucket, key, id: UploadId as string };
  }

  async uploadPart({ bucket, key, id }: Upload, PartNumber: number, Body: Uint8Array): Promise<CompletedPart> {
    const command = new UploadPartCommand({ Bucket: bucket, Key: key, UploadId: id, PartNumber, Body });
    const { ETag } = await this.#orFail((abortSignal) => this.#s3.send(command, { abortSignal }));
    return { PartNumber, ETag };
  }

  async completeUpload({ bucket, key, id }: Upload, Parts: CompletedPart[]): Promise<void> {
    const place = { Bucket: bucket, Key: key, UploadId: id };
    const command = new CompleteMultipartUploadCommand({ ...place, MultipartUpload: { Parts } });
    await this.#orFail((abortSignal) => this.#s3.send(command, { abortSignal }));
  }

  /** Also after the signal. What cannot be taken back stays: it is no object. */
  async abortUpload({ bucket, key, id }: Upload): Promise<void> {
    await this.#s3
      .send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id }))
      .catch(() => undefined);
  }

  close(): void {
    this.#s3.destroy();
  }

  async #orFail<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await send(this.#signal);
    } catch (error) {
      throw error instanceof S3ServiceException ? s3Error(error) : error;
    }
  }
}

/** A refusal of S3 in Redshift's words. */
export class S3Error extends RedshiftError {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

const s3Error = ({ name, message, $metadata: { httpStatusCode: status = 0 } }: S3ServiceException): S3Error =>
  new S3Error(`ERROR: S3ServiceException:${message},Status ${status},Error ${name}`, status);
