import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { S3Client } from '@aws-sdk/client-s3';

/** S3, as far as an object is written in one part or in several. */
export interface S3Server {
  readonly client: S3Client;
  /** `PUT`, `POST uploads`, `PUT part`, `POST complete`, `DELETE upload`, in order. */
  readonly calls: readonly string[];
  readonly objects: Readonly<Record<string, string>>;
  readonly contentTypes: readonly (string | undefined)[];
  /** Answers a call with this error instead. */
  fail: (call: string) => { status: number; code: string } | undefined;
  close(): Promise<void>;
}

const callOf = ({ method = '' }: IncomingMessage, query: URLSearchParams): string => {
  if (query.has('uploads')) return 'POST uploads';
  if (query.has('partNumber')) return 'PUT part';
  if (!query.has('uploadId')) return method;
  return method === 'POST' ? 'POST complete' : 'DELETE upload';
};

export const startS3Server = async (): Promise<S3Server> => {
  const [calls, contentTypes]: [string[], (string | undefined)[]] = [[], []];
  const objects: Record<string, string> = {};
  const parts = new Map<number, Buffer>();
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3');
      const call = callOf(request, searchParams);
      calls.push(call);
      contentTypes.push(request.headers['content-type']);
      const refusal = s3.fail(call);
      if (refusal) {
        const { status, code } = refusal;
        response.writeHead(status).end(`<Error><Code>${code}</Code><Message>because</Message></Error>`);
        return;
      }
      if (call === 'PUT') objects[pathname] = body.toString();
      if (call === 'PUT part') parts.set(Number(searchParams.get('partNumber')), body);
      if (call === 'POST complete') {
        const ordered = [...parts].sort(([one], [other]) => one - other).map(([, part]) => part);
        objects[pathname] = Buffer.concat(ordered).toString();
      }
      response.setHeader('etag', '"e"');
      response.end(call.startsWith('POST') ? '<R><UploadId>u1</UploadId><ETag>"e"</ETag></R>' : '');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIADRAIN', secretAccessKey: 'example' },
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const s3: S3Server = {
    client,
    calls,
    objects,
    contentTypes,
    fail: () => undefined,
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return s3;
};
