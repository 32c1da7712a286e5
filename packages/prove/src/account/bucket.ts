import { sdkError } from '../sdk-error.ts';

interface PutInput {
  readonly Key: string;
  readonly Body?: Uint8Array;
}

interface PartInput extends PutInput {
  readonly UploadId: string;
  readonly PartNumber: number;
}

interface CompleteInput {
  readonly Key: string;
  readonly UploadId: string;
  readonly MultipartUpload: { readonly Parts: readonly { readonly PartNumber: number; readonly ETag: string }[] };
}

/** S3: objects, which are there as a whole or not at all, and uploads of parts. */
export class Bucket {
  readonly objects = new Map<string, string>();
  readonly #onObject: (key: string, content: string) => void;
  readonly #uploads = new Map<string, Map<number, Buffer>>();
  #begun = 0;

  /** @param onObject hears of every object, whenever it is written */
  constructor(onObject: (key: string, content: string) => void) {
    this.#onObject = onObject;
  }

  readonly operations = {
    PutObject: ({ Key, Body }: PutInput): object => this.#put(Key, Buffer.from(Body ?? '')),
    CreateMultipartUpload: (): object => {
      const UploadId = `upload-${++this.#begun}`;
      this.#uploads.set(UploadId, new Map());
      return { UploadId };
    },
    UploadPart: ({ UploadId, PartNumber, Body }: PartInput): object => {
      this.#upload(UploadId).set(PartNumber, Buffer.from(Body ?? ''));
      return { ETag: `${UploadId}/${PartNumber}` };
    },
    CompleteMultipartUpload: ({ Key, UploadId, MultipartUpload }: CompleteInput): object => {
      const parts = this.#upload(UploadId);
      this.#uploads.delete(UploadId);
      const named = MultipartUpload.Parts.map(({ PartNumber }) => parts.get(PartNumber) ?? Buffer.of());
      return this.#put(Key, Buffer.concat(named));
    },
    AbortMultipartUpload: ({ UploadId }: { readonly UploadId: string }): object => {
      this.#upload(UploadId);
      this.#uploads.delete(UploadId);
      return {};
    },
  };

  #put(key: string, content: Buffer): object {
    const text = content.toString();
    this.objects.set(key, text);
    this.#onObject(key, text);
    return { ETag: key };
  }

  /** One that was completed is there no more, also for who did not hear of that. */
  #upload(id: string): Map<number, Buffer> {
    const parts = this.#uploads.get(id);
    if (!parts) throw sdkError('NoSuchUpload', 'The specified upload does not exist.', 404);
    return parts;
  }
}
