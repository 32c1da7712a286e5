import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import type { ApiCall, Service } from '../common/service.ts';
import { unknownOperation } from '../gateway/errors.ts';
import { dynamoDbPermissions } from './dynamodb-permissions.ts';
import { TableOperations } from './dynamodb-table-operations.ts';
import type { Tables } from './dynamodb-tables.ts';
import { ItemWrites } from './dynamodb-writes.ts';
import { assumedKeys, type KeyDirectory } from './kms.ts';
import { Upstream } from './upstream.ts';

/** What dynalite does as it should. */
const PASSED_ON = ['BatchGetItem', 'BatchWriteItem', 'GetItem', 'ListTables', 'Query', 'Scan'];
const TAGS = ['ListTagsOfResource', 'TagResource', 'UntagResource'];
const WRITES = ['DeleteItem', 'PutItem', 'UpdateItem'];

/**
 * DynamoDB by dynalite, in memory and on wall time, with what it lacks added or refused.
 *
 * @param keys where the keys of tables are looked up; by default every key id and ARN is taken to exist
 */
export const startDynamoDb = async (
  account: Account,
  keys: KeyDirectory = assumedKeys(account),
): Promise<Service & { close(): Promise<void> }> => {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // Else it gives up connections for idleness that are just in use again, where this process was busy meanwhile.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const upstream = new Upstream((server.address() as AddressInfo).port, `${account.region}/dynamodb`);
  const tables: Tables = new Map();
  const perform = operations(upstream, tables, account, keys);
  return {
    name: 'dynamodb',
    permissionsFor: (call) => dynamoDbPermissions(call, account, tables),
    perform: async (call) => ({ output: await perform(call) }),
    close: async () => {
      await upstream.close();
      await new Promise<void>((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
    },
  };
};

const operations = (upstream: Upstream, tables: Tables, account: Account, keys: KeyDirectory) => {
  const writes = new ItemWrites(upstream, tables);
  const tableOperations = new TableOperations({
    upstream,
    tables,
    keys,
    arnPrefix: arnIn(account, 'dynamodb', 'table/'),
  });
  return async ({ operation, input }: Pick<ApiCall, 'operation' | 'input'>): Promise<unknown> => {
    if (WRITES.includes(operation)) return await writes.write(operation, input);
    if (PASSED_ON.includes(operation)) return await upstream.json(`DynamoDB_20120810.${operation}`, input);
    if (TAGS.includes(operation)) return await tableOperations.tags(operation, input);
    const own = tableOperations.find(operation);
    if (own) return await own(input);
    throw unknownOperation('dynamodb', operation);
  };
};
