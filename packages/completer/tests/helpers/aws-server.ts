import {
  formIn,
  type ReceivedRequest,
  type Reply,
  type AwsServer as Server,
  signerOf,
  startServer,
} from '../../../../scripts/lib/aws-server.mjs';

export { assumedRole, environmentOf, type Reply } from '../../../../scripts/lib/aws-server.mjs';

export interface Call {
  /** `GetItem`; of every protocol. */
  readonly operation: string;
  readonly body: Record<string, unknown>;
  /** The access key that signed it. */
  readonly accessKeyId: string;
}

export interface AwsServer extends Server<Call> {
  readonly operations: readonly string[];
  /** Options for an SDK client that talks to this server and does not repeat itself. */
  readonly client: Server<Call>['client'] & { maxAttempts: number };
}

/** A server that the real SDK clients talk to: notes every call and answers as told. */
export const startAwsServer = async (reply: (call: Call) => Reply): Promise<AwsServer> => {
  const server = await startServer(toCall, reply, 'AKIADRAIN');
  return {
    ...server,
    get operations() {
      return server.calls.map(({ operation }) => operation);
    },
    client: { ...server.client, maxAttempts: 1 },
  };
};

/** Lambda's paths for callbacks of durable functions. */
const DURABLE = /^\/2025-12-01\/durable-execution-callbacks\/([^/]+)\/(succeed|fail|heartbeat)$/;
const DURABLE_OPERATIONS: Readonly<Record<string, string>> = {
  succeed: 'SendDurableExecutionCallbackSuccess',
  fail: 'SendDurableExecutionCallbackFailure',
  heartbeat: 'SendDurableExecutionCallbackHeartbeat',
};

const toCall = ({ target, body, headers, url }: ReceivedRequest): Call => {
  const accessKeyId = signerOf(headers);
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
  const form = formIn(body);
  return { operation: form['Action'] ?? '', body: form, accessKeyId };
};

/** How STS refuses. */
export const refusedRole = (code: string): Reply => ({
  status: 403,
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
});
