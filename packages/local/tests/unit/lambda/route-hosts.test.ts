import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What the stage got of a request. */
interface Received {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly length: string;
  readonly type: string;
  readonly body: string;
}

let server: Server;
let endpoint: string;
let sandbox: Worker;
beforeAll(async () => {
  server = createServer((request, reply) => void received(request).then((value) => reply.end(JSON.stringify(value))));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sandbox = new Worker(new URL(`data:text/javascript,${encodeURIComponent(sandboxSource())}`));
});
afterAll(async () => {
  await sandbox.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const received = async (request: IncomingMessage): Promise<Received> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const { method = '', url = '', headers } = request;
  const { host = '', 'content-length': length = '', 'content-type': type = '' } = headers;
  return { method, url, host, length, type, body: Buffer.concat(chunks).toString() };
};

const MODULE = new URL('../../../src/lambda/sandbox/route-hosts.ts', import.meta.url).href;

/** A thread of its own, in which hosts are routed; runs code that it is sent, and answers with what it returns. */
const sandboxSource = () => `
  import { parentPort } from 'node:worker_threads';
  import https, { request as named, get as namedGet } from 'node:https';
  import http from 'node:http';
  import { connect } from 'node:tls';
  import { routeHosts } from ${JSON.stringify(MODULE)};
  routeHosts(${JSON.stringify(endpoint)});
  const read = (request) => new Promise((resolve, reject) => request.on('error', reject).on('response', (response) => {
    let text = ''; response.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => resolve(JSON.parse(text))); }));
  const known = { https, http, named, namedGet, connect, read };
  const AsyncFunction = (async () => {}).constructor;
  parentPort.on('message', (code) => new AsyncFunction(...Object.keys(known), code)(...Object.values(known))
    .catch((error) => ({ error: error.code ?? error.cause?.code ?? String(error) }))
    .then((value) => parentPort.postMessage(value)));`;

const inSandbox = async (code: string): Promise<unknown> => {
  const answered = once(sandbox, 'message');
  sandbox.postMessage(code);
  return ((await answered) as readonly unknown[])[0];
};

const HOST = 'cloudformation-custom-resource-response-useast1.s3.amazonaws.com';
const URL_OF_RESPONSE = `https://${HOST}/arn%3Aaws%3Ax/y%7Cz?AWSAccessKeyId=A&Signature=b%2Bc%3D&Expires=1`;
const EXPECTED = {
  method: 'PUT',
  url: '/arn%3Aaws%3Ax/y%7Cz?AWSAccessKeyId=A&Signature=b%2Bc%3D&Expires=1',
  host: HOST,
  length: '2',
  type: '',
  body: '{}',
};
const options = `{ method: 'PUT', headers: { 'content-type': '', 'content-length': 2 } }`;
const parts = `{ hostname: '${HOST}', port: 443, path: '${EXPECTED.url}', ...${options} }`;

describe('routeHosts', () => {
  it.each([
    [
      'https.request(url, options)',
      `const r = https.request('${URL_OF_RESPONSE}', ${options}); r.end('{}'); return read(r);`,
    ],
    [
      'https.request(URL, options)',
      `const r = https.request(new URL('${URL_OF_RESPONSE}'), ${options}); r.end('{}'); return read(r);`,
    ],
    ['https.request(options)', `const r = https.request(${parts}); r.end('{}'); return read(r);`],
    [
      'https.request with an agent of its own',
      `const r = https.request({ ...${parts}, agent: new https.Agent({ keepAlive: true, maxSockets: 50 }) }); r.end('{}'); return read(r);`,
    ],
    [
      'https.request without an agent',
      `const r = https.request({ ...${parts}, agent: false }); r.end('{}'); return read(r);`,
    ],
    ['request imported by name', `const r = named(${parts}); r.end('{}'); return read(r);`],
    [
      'fetch',
      `const r = await fetch('${URL_OF_RESPONSE}', { method: 'PUT', body: Buffer.from('{}'), headers: { 'content-type': '' } }); return r.json();`,
    ],
    [
      'fetch of a Request',
      `const r = await fetch(new Request('${URL_OF_RESPONSE}', { method: 'PUT', body: Buffer.from('{}'), headers: { 'content-type': '' } })); return r.json();`,
    ],
    [
      'TLS by hand',
      `const socket = connect({ host: '${HOST}', port: 443 }, () => socket.write('PUT ${EXPECTED.url} HTTP/1.1\\r\\nHost: ${HOST}\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\n{}'));
       let text = ''; for await (const part of socket) text += part; return JSON.parse(/\\{.*\\}/s.exec(text)[0]);`,
    ],
  ])('leads a PUT to a response URL to the stage, as it is: %s', async (_case, code) => {
    expect(await inSandbox(code)).toEqual(EXPECTED);
  });

  it.each([
    [
      'https.get',
      `return read(https.get('https://sqs.eu-central-1.amazonaws.com/x'));`,
      'sqs.eu-central-1.amazonaws.com',
    ],
    ['get imported by name', `return read(namedGet('https://sts.amazonaws.com/x'));`, 'sts.amazonaws.com'],
    ['http.get', `return read(http.get('http://sqs.eu-central-1.amazonaws.com/x'));`, 'sqs.eu-central-1.amazonaws.com'],
    ['fetch without TLS', `return (await fetch('http://s3.amazonaws.com/x')).json();`, 's3.amazonaws.com'],
    [
      'a host of China',
      `return read(https.get('https://b.s3.cn-north-1.amazonaws.com.cn/x'));`,
      'b.s3.cn-north-1.amazonaws.com.cn',
    ],
  ])('leads other hosts of AWS there too: %s', async (_case, code, host) => {
    expect(await inSandbox(code)).toMatchObject({ method: 'GET', url: '/x', host });
  });

  it('keeps a connection for the next request to the same host', async () => {
    const twice = `const agent = new https.Agent({ keepAlive: true });
      await read(https.get('https://sts.amazonaws.com/1', { agent })); await new Promise(setImmediate);
      const next = https.get('https://sts.amazonaws.com/2', { agent }); await read(next); return next.reusedSocket;`;
    expect(await inSandbox(twice)).toBe(true);
  });

  it.each([
    ['another host', `return read(https.get('https://amazonaws.com.example.invalid/'));`],
    ['another host, by fetch', `return (await fetch('https://notamazonaws.com.invalid/')).json();`],
  ])('leaves %s alone', async (_case, code) => {
    expect(await inSandbox(code)).toEqual({ error: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) });
  });

  it.each([
    ['an agent of its own', 'new http.Agent({ keepAlive: true })'],
    ['the agent of all', 'http.globalAgent'],
  ])('leaves plain HTTP to the stage alone, by %s', async (_case, agent) => {
    const code = `return read(http.get('${endpoint}/x', { agent: ${agent} }));`;
    expect(await inSandbox(code)).toMatchObject({ method: 'GET', url: '/x', host: endpoint.replace('http://', '') });
  });

  it('leaves other ports of AWS hosts, such as those of databases, alone', async () => {
    const code = `return new Promise((resolve) => connect({ host: 'c.x.us-east-1.redshift.amazonaws.com', port: 5439,
      lookup: (name, options, done) => done(Object.assign(new Error(name), { code: 'LOOKED_UP' })) }).on('error', (error) => resolve(error.code)));`;
    expect(await inSandbox(code)).toBe('LOOKED_UP');
  });
});
