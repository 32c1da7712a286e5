import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A request in AWS's JSON protocol. */
export interface Call {
  /** `DynamoDB_20120810.PutItem`. */
  readonly target: string;
  readonly body: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
}

/** `hang`: never answered. */
export type Reply = { readonly status?: number; readonly body: object } | 'hang';

export interface AwsServer {
  readonly calls: readonly Call[];
  /** Options for an SDK client that talks to this server. */
  readonly client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  close(): Promise<void>;
}

/** A server that the real SDK clients talk to: notes every request and answers as told. */
export const startAwsServer = async (reply: (call: Call) => Reply): Promise<AwsServer> => {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const call = {
        target: String(request.headers['x-amz-target']),
        body: body as Record<string, unknown>,
        headers: request.headers,
      };
      calls.push(call);
      const answer = reply(call);
      if (answer === 'hang') return;
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer.body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    calls,
    client: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
