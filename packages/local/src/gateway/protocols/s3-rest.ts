import { isIP } from 'node:net';
import type { RawRequest } from '../../common/service.ts';
import { decoded, splitUrl } from '../url.ts';
import { type Protocol, response } from './protocol.ts';
import { s3Operation } from './s3-operation.ts';
import { document, element, unescaped } from './xml.ts';

/** S3's own REST protocol. Requests are brought into path style and passed on as they are. */
export const s3Rest: Protocol = {
  parse: ({ service, request }) => {
    const http = pathStyle(request);
    const { path, query } = splitUrl(http.url);
    const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
    const isCopy = request.headers['x-amz-copy-source'] !== undefined;
    const address = { method: request.method, bucket: decoded(bucket), key: decoded(key), query, isCopy };
    const operation = s3Operation(address);
    const input = {
      Bucket: address.bucket || undefined,
      Key: address.key || undefined,
      Keys: operation === 'DeleteObjects' ? keysIn(request.body.toString()) : undefined,
      Prefix: query.get('prefix') ?? undefined,
      CopySource: sourceOf(request),
    };
    return { service, operation, input: present(input), http };
  },

  output: () => {
    throw new TypeError('S3 answers are passed on as they come');
  },

  error: ({ request }, error, requestId) => {
    const fault = { Code: error.code, Message: error.message, RequestId: requestId };
    const headers = { 'content-type': 'application/xml', 'x-amz-request-id': requestId };
    return response(error.status, headers, request.method === 'HEAD' ? '' : document(element('Error', fault)));
  },
};

/** `bucket.s3.amazonaws.com`, `bucket.s3.us-east-1.amazonaws.com`, `bucket.s3-us-west-2.amazonaws.com`, `bucket.localhost` */
const HOST_STYLE = /^(.+)\.(?:s3[.-][a-z0-9.-]*amazonaws\.com(?:\.cn)?|(?:s3\.)?localhost)$/;

/** The bucket that the Host header names, if it names one. */
export const bucketOfHost = (host = ''): string | undefined => {
  const name = host.replace(/:\d+$/, '');
  const bucket = isIP(name) ? undefined : HOST_STYLE.exec(name)?.[1];
  return bucket === 's3' ? undefined : bucket;
};

const pathStyle = (request: RawRequest): RawRequest => {
  const bucket = bucketOfHost(request.headers.host);
  return bucket === undefined ? request : { ...request, url: `/${bucket}${request.url}` };
};

/** `bucket/key` */
const sourceOf = (request: RawRequest): string | undefined => {
  const source = request.headers['x-amz-copy-source'];
  return source === undefined ? undefined : decoded(String(source)).replace(/^\//, '');
};

/** The objects that a DeleteObjects body lists. */
const keysIn = (xml: string): readonly string[] =>
  [...xml.matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, key = '']) => unescaped(key));

const present = (input: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
