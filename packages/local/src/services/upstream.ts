import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { AwsError } from '../common/aws-error.ts';
import type { RawRequest, RawResponse } from '../common/service.ts';

/** Belong to one connection, or are made anew. */
const NOT_PASSED_ON = [
  'host',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'expect',
  'authorization',
];

/** A library of the stage that serves AWS's API on a loopback port of its own. */
export class Upstream {
  readonly #port: number;
  readonly #authorization: string;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #pending = new Set<Promise<RawResponse>>();

  /** @param scope region and service of a credential scope, `us-east-1/sqs`: the libraries read it but verify nothing */
  constructor(port: number, scope: string) {
    this.#port = port;
    this.#authorization = `AWS4-HMAC-SHA256 Credential=stage/20000101/${scope}/aws4_request, SignedHeaders=host, Signature=0`;
  }

  /**
   * Calls an operation of an AWS JSON service.
   *
   * @throws AwsError as the library answered it
   */
  async json(target: string, input: unknown): Promise<Record<string, unknown>> {
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' };
    const reply = await this.send({ method: 'POST', url: '/', headers, body: Buffer.from(JSON.stringify(input)) });
    const output = objectOf(JSON.parse(reply.body.toString()));
    if (reply.status < 400) return output;
    const { __type, message, Message, ...members } = output;
    throw new AwsError(nameOf(__type), textOf(message ?? Message), { status: reply.status, members });
  }

  async send(call: RawRequest): Promise<RawResponse> {
    const reply = this.#exchange(call);
    this.#pending.add(reply);
    try {
      return await reply;
    } finally {
      this.#pending.delete(reply);
    }
  }

  /** Lets what is under way end: the libraries take a connection that breaks for a fault of their own. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#pending);
    this.#agent.destroy();
  }

  async #exchange({ method, url, headers, body }: RawRequest): Promise<RawResponse> {
    const own = { authorization: this.#authorization, 'x-amz-date': '20000101T000000Z', 'content-length': body.length };
    const outgoing = request({
      host: '127.0.0.1',
      port: this.#port,
      agent: this.#agent,
      method,
      path: url,
      headers: { ...passedOn(headers), ...own },
    });
    outgoing.end(body);
    const [reply] = (await once(outgoing, 'response')) as [IncomingMessage];
    const chunks = (await reply.toArray()) as Buffer[];
    const length = reply.headers['content-length'];
    return {
      status: reply.statusCode ?? 500,
      headers: { ...passedOn(reply.headers), ...(length === undefined ? {} : { 'content-length': length }) },
      body: Buffer.concat(chunks),
    };
  }
}

/** dynalite answers a call without output with an empty string. */
const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const passedOn = (headers: IncomingMessage['headers']): Record<string, string | readonly string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || NOT_PASSED_ON.includes(name) ? [] : [[name, value]],
    ),
  );

/** `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException` */
const nameOf = (type: unknown): string =>
  typeof type === 'string' ? (type.split('#').at(-1) ?? type) : 'InternalFailure';

const textOf = (message: unknown): string => (typeof message === 'string' ? message : '');
