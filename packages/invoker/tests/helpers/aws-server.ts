import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A request in AWS's JSON protocol, or as a form. */
export interface Call {
  /** `DynamoDB_20120810.PutItem`. */
  readonly target: string;
  readonly body: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
}

/** A JSON answer; a string is sent as XML; `hang` is never answered. */
export type Reply = { readonly status?: number; readonly body: object | string } | 'hang';

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
    void text(request).then((body) => {
      const { headers } = request;
      const target = headers['x-amz-target'];
      const call = { target: String(target), body: target === undefined ? formIn(body) : JSON.parse(body), headers };
      calls.push(call);
      const answer = reply(call);
      if (answer === 'hang') return;
      const xml = typeof answer.body === 'string';
      response.writeHead(answer.status ?? 200, { 'content-type': xml ? 'text/xml' : 'application/x-amz-json-1.1' });
      response.end(xml ? answer.body : JSON.stringify(answer.body));
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

const formIn = (body: string): Record<string, string> => Object.fromEntries(new URLSearchParams(body));
