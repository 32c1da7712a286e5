import type { IncomingHttpHeaders } from 'node:http';

export interface ReceivedRequest {
  /** `DynamoDB_20120810.PutItem`; empty where the protocol has none. */
  readonly target: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
  readonly url: string;
}

/** A JSON answer; a string is sent as XML; `hang` is never answered. */
export type Reply = { readonly status?: number; readonly body: object | string } | 'hang';

export interface AwsServer<C> {
  readonly calls: readonly C[];
  /** Options for an SDK client that talks to this server. */
  readonly client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };
  close(): Promise<void>;
}

export function startServer<C>(
  toCall: (request: ReceivedRequest) => C,
  reply: (call: C) => Reply,
  accessKeyId: string,
): Promise<AwsServer<C>>;

export function formIn(body: string): Record<string, string>;
export function signerOf(headers: IncomingHttpHeaders): string;
export function assumedRole(accessKeyId: string, expiration: Date): string;
export function environmentOf(server: Pick<AwsServer<unknown>, 'client'>): Record<string, string>;
