import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/** A server that the real SDK clients talk to, in tests: notes every request, as `toCall` reads it, and answers as told. */
export const startServer = async (toCall, reply, accessKeyId) => {
  const calls = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { headers, url = '' } = request;
      const call = toCall({ target: headers['x-amz-target'] ?? '', body, headers, url });
      calls.push(call);
      const answer = reply(call);
      if (answer === 'hang') return;
      const isXml = typeof answer.body === 'string';
      response.writeHead(answer.status ?? 200, { 'content-type': isXml ? 'text/xml' : 'application/x-amz-json-1.1' });
      response.end(isXml ? answer.body : JSON.stringify(answer.body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${server.address().port}`;
  return {
    calls,
    client: { endpoint, region: 'eu-central-1', credentials: { accessKeyId, secretAccessKey: 'example' } },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** The form that a request in the query protocol is. */
export const formIn = (body) => Object.fromEntries(new URLSearchParams(body));

/** Who has signed a request. */
export const signerOf = ({ authorization }) => /Credential=(\w+)/.exec(String(authorization))?.[1] ?? '';

/** What STS answers to AssumeRole. */
export const assumedRole = (accessKeyId, expiration) => `
<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>session</SessionToken>
<Expiration>${expiration.toISOString()}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

/** By this environment a client that is made without settings talks to the server, and does not repeat itself. */
export const environmentOf = ({ client: { endpoint, region, credentials } }) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_MAX_ATTEMPTS: '1',
});
