import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Call {
  /** `GetItem`; of every protocol. */
  readonly operation: string;
  readonly body: Record<string, unknown>;
  /** The access key that signed it. */
  readonly accessKeyId: string;
}

/** A JSON answer; a string is sent as XML; `hang` is never answered. */
export type Reply = { readonly status?: number; readonly body: object | string } | 'hang';

export interface AwsServer {
  readonly calls: readonly Call[];
  readonly operations: readonly string[];
  /** Options for an SDK client that talks to this server and does not repeat itself. */
  readonly client: {
    endpoint: string;
    region: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
    maxAttempts: number;
  };
  close(): Promise<void>;
}

/** A server that the real SDK clients talk to: notes every call and answers as told. */
export const startAwsServer = async (reply: (call: Call) => Reply): Promise<AwsServer> => {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { headers, url = '' } = request;
      const call = toCall(String(headers['x-amz-target'] ?? ''), body, String(headers.authorization), url);
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
    get operations() {
      return calls.map(({ operation }) => operation);
    },
    client: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKIADRAIN', secretAccessKey: 'example' },
      maxAttempts: 1,
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** Lambda's paths for callbacks of durable functions. */
const DURABLE = /^\/2025-12-01\/durable-execution-callbacks\/([^/]+)\/(succeed|fail|heartbeat)$/;
const DURABLE_OPERATIONS: Readonly<Record<string, string>> = {
  succeed: 'SendDurableExecutionCallbackSuccess',
  fail: 'SendDurableExecutionCallbackFailure',
  heartbeat: 'SendDurableExecutionCallbackHeartbeat',
};

const toCall = (target: string, body: string, authorization: string, url: string): Call => {
  const accessKeyId = /Credential=(\w+)/.exec(authorization)?.[1] ?? '';
  if (target) return { operation: target.split('.')[1] ?? '', body: JSON.parse(body), accessKeyId };
  const [, callbackId, verb] = DURABLE.exec(url) ?? [];
  if (callbackId && verb) {
    const told = body === '' ? {} : { told: JSON.parse(body) as unknown };
    return {
      operation: DURABLE_OPERATIONS[verb] ?? verb,
      body: { CallbackId: decodeURIComponent(callbackId), ...told },
      accessKeyId,
    };
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  return { operation: form['Action'] ?? '', body: form, accessKeyId };
};

/** What STS answers to AssumeRole. */
export const assumedRole = (accessKeyId: string, expiration: Date): string => `
<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>
<Expiration>${expiration.toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

/** How STS refuses. */
export const refusedRole = (code: string): Reply => ({
  status: 403,
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
});
