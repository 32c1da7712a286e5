import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { responseUrls } from '../../src/resource-callback.ts';

let server: Server;
let url: string;
const requests: { method: string | undefined; type: string | undefined; length: string | undefined; body: string }[] =
  [];
/** Status by status; 0: the connection is cut. */
let statuses: number[];

beforeEach(async () => {
  requests.length = 0;
  statuses = [];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, headers } = request;
      requests.push({ method, type: headers['content-type'], length: headers['content-length'], body });
      const status = statuses.shift() ?? 200;
      if (status === 0) request.socket.destroy();
      else response.writeHead(status, { location: '/elsewhere' }).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/key?signature=canary`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const put = () => responseUrls().put(url, '{"a":"ä"}');

describe('an answer', () => {
  it('is put without a content type, which could be a part of what was signed', async () => {
    expect(await put()).toEqual({ type: 'delivered' });
    expect(requests).toEqual([{ method: 'PUT', type: undefined, length: '10', body: '{"a":"ä"}' }]);
  });

  it.each([500, 503, 429, 408, 0])('is put again after %s', async (status) => {
    statuses = [status, status];
    expect(await put()).toEqual({ type: 'delivered' });
    expect(requests).toHaveLength(3);
  });

  it('that is not taken three times is left for later; the error does not name the URL', async () => {
    statuses = [500, 500, 500];
    await expect(put()).rejects.toThrow(/^the answer was not taken: 500$/);
    expect(requests).toHaveLength(3);
  });

  it.each([400, 403, 404, 410])('that is refused with %s is of no use any more', async (status) => {
    statuses = [status];
    expect(await put()).toEqual({ type: 'gone', reason: `status ${status}` });
    expect(requests).toHaveLength(1);
  });

  it('goes nowhere else', async () => {
    statuses = [307, 307, 307];
    await expect(put()).rejects.toThrow('the answer was not taken');
    expect(requests).toHaveLength(3);
  });
});
