import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RawRequest, RawResponse } from '../common/service.ts';

export interface Answer extends RawResponse {
  /** To be done once it is sent. */
  readonly afterwards?: () => void;
}

/**
 * What answers a request; `body` is undefined when it was larger than allowed. Where it rejects, the connection is closed without an
 * answer.
 */
export type Handler = (request: Omit<RawRequest, 'body'> & { readonly body: Buffer | undefined }) => Promise<Answer>;

/** An HTTP/1.1 server on 127.0.0.1 that reads whole bodies, up to a limit. */
export class HttpServer {
  readonly #server: Server;
  readonly #handler: Handler;
  readonly #maxBodyBytes: number;
  readonly #now: () => number;

  /** @param options.now epoch milliseconds, for the `date` header: SDK clients set their clocks by it */
  constructor(handler: Handler, options: { readonly maxBodyBytes: number; readonly now: () => number }) {
    this.#handler = handler;
    this.#maxBodyBytes = options.maxBodyBytes;
    this.#now = options.now;
    // SDK clients keep their connections; the default of five seconds makes them run into resets.
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, reply) => void this.#answer(request, reply));
  }

  /**
   * @param port 0 for any free one
   * @returns the endpoint, `http://127.0.0.1:PORT`
   */
  async listen(port: number): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    try {
      await once(this.#server, 'listening');
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
        ? new Error(`Port ${port} of 127.0.0.1 is in use; name another one or none.`, { cause: error })
        : error;
    }
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts what is still connected: a waiting client would otherwise keep the stage alive. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    try {
      const body = await this.#read(request);
      const { method = 'GET', url = '/', headers } = request;
      const signal = signalOf(reply);
      const {
        status,
        headers: replyHeaders,
        body: content,
        afterwards,
      } = await this.#handler({ method, url, headers, body, signal });
      const date = new Date(this.#now()).toUTCString();
      reply.writeHead(status, { ...replyHeaders, date } as OutgoingHttpHeaders);
      // Also when the client has gone meanwhile.
      if (afterwards) reply.once('close', afterwards);
      reply.end(content);
    } catch {
      // The client has gone away, or is to get no answer.
      reply.destroy();
    }
  }

  /** A body too large is read to its end all the same, or its sender would never get to read the answer. */
  async #read(request: IncomingMessage): Promise<Buffer | undefined> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= this.#maxBodyBytes) chunks.push(chunk);
    }
    return bytes <= this.#maxBodyBytes ? Buffer.concat(chunks) : undefined;
  }
}

const signalOf = (reply: ServerResponse): AbortSignal => {
  const gone = new AbortController();
  reply.once('close', () => gone.abort());
  return gone.signal;
};
