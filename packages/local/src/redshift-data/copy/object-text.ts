import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { Compression } from '../sql/copy.ts';
import { LoadError } from './load-error.ts';

const DECOMPRESSORS = { gzip: createGunzip, zstd: createZstdDecompress };

/**
 * The text of an object, without its first `ignoreHeader` lines.
 *
 * @throws LoadError for what is not compressed so, or no UTF-8
 */
export async function* objectText(
  content: AsyncIterable<Uint8Array>,
  { compression, ignoreHeader }: { readonly compression?: Compression; readonly ignoreHeader: number },
): AsyncGenerator<string> {
  const bytes = compression ? decompressed(content, compression) : content;
  let toIgnore = ignoreHeader;
  for await (let text of decoded(bytes)) {
    while (toIgnore > 0 && text !== '') {
      const end = text.indexOf('\n');
      text = end < 0 ? '' : text.slice(end + 1);
      if (end >= 0) toIgnore -= 1;
    }
    if (text !== '') yield text;
  }
}

async function* decompressed(content: AsyncIterable<Uint8Array>, compression: Compression): AsyncGenerator<Uint8Array> {
  const decompressor = DECOMPRESSORS[compression]();
  // What breaks the source breaks the decompressor, and so the loop below.
  const source = Readable.from(content).on('error', (error) => decompressor.destroy(error));
  try {
    for await (const chunk of source.pipe(decompressor)) yield chunk as Uint8Array;
  } catch (error) {
    throw isOf('Z', error) ? new LoadError(`The object is not ${compression} compressed`) : error;
  } finally {
    source.destroy();
  }
}

async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    throw isOf('ERR_ENCODING_INVALID_ENCODED_DATA', error)
      ? new LoadError('String contains invalid or unsupported UTF8 codepoints')
      : error;
  }
}

/** Whether it is an error of the platform whose code begins so: `Z_` and `ZSTD_` are those of zlib. */
const isOf = (code: string, error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith(code);
