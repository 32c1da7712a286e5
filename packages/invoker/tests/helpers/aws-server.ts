import type { IncomingHttpHeaders } from 'node:http';
import {
  formIn,
  type ReceivedRequest,
  type Reply,
  type AwsServer as Server,
  startServer,
} from '../../../../scripts/lib/aws-server.mjs';

export { assumedRole, environmentOf, type Reply, signerOf } from '../../../../scripts/lib/aws-server.mjs';

/** A request in AWS's JSON protocol, or as a form. */
export interface Call {
  /** `DynamoDB_20120810.PutItem`; empty of a form. */
  readonly target: string;
  readonly body: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
}

export type AwsServer = Server<Call>;

/** A server that the real SDK clients talk to: notes every request and answers as told. */
export const startAwsServer = (reply: (call: Call) => Reply): Promise<AwsServer> =>
  startServer(toCall, reply, 'AKIAEXAMPLE');

const toCall = ({ target, body, headers }: ReceivedRequest): Call => ({
  target,
  body: target === '' ? formIn(body) : (JSON.parse(body) as Record<string, unknown>),
  headers,
});
