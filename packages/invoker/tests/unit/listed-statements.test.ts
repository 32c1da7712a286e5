import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listedStatements } from '../../src/listed-statements.ts';
import { type AwsServer, type Reply, startAwsServer } from '../helpers/aws-server.ts';

let replies: Reply[];
let server: AwsServer;
let client: RedshiftDataClient;

beforeEach(async () => {
  replies = [];
  server = await startAwsServer(() => replies.shift() ?? { body: { Statements: [] } });
  client = new RedshiftDataClient(server.client);
});

afterEach(async () => {
  client.destroy();
  await server.close();
});

const find = () => listedStatements(client).find('tasker/key');

describe('the statement of a name', () => {
  it('is looked for on every page, in whatever state, and has exactly that name', async () => {
    replies = [
      { body: { Statements: [{ Id: 'longer', StatementName: 'tasker/key/owner' }], NextToken: 'next' } },
      { body: { Statements: [{ Id: 'found', StatementName: 'tasker/key' }], NextToken: 'more' } },
    ];

    expect(await find()).toBe('found');
    expect(server.calls.map(({ body }) => body)).toEqual([
      { StatementName: 'tasker/key', Status: 'ALL', MaxResults: 100 },
      { StatementName: 'tasker/key', Status: 'ALL', MaxResults: 100, NextToken: 'next' },
    ]);
  });

  it('is none where none was started', async () => {
    expect(await find()).toBeUndefined();
    expect(server.calls).toHaveLength(1);
  });
});
