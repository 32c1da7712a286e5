import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import type { ApiCall, NeededPermission } from '../common/service.ts';
import type { Tables } from './dynamodb-tables.ts';

/** Calls that touch items: DynamoDB opens the table's key for them with the caller's own rights. */
const ITEM_OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
];

/** `dynamodb:Operation` on each table or index that the call names, and the use of the tables' keys. */
export const dynamoDbPermissions = (
  { operation, input }: Pick<ApiCall, 'operation' | 'input'>,
  account: Account,
  tables: Tables,
): readonly NeededPermission[] => {
  const action = `dynamodb:${operation}`;
  const named = tableNames(input);
  if (named.length === 0)
    return [{ action, resource: typeof input.ResourceArn === 'string' ? input.ResourceArn : '*' }];
  const index = typeof input.IndexName === 'string' ? `/index/${input.IndexName}` : '';
  const onTables = named.map((table) => ({ action, resource: arnIn(account, 'dynamodb', `table/${table}${index}`) }));
  if (!ITEM_OPERATIONS.includes(operation)) return onTables;
  return [...onTables, ...named.flatMap((table) => keyPermission(table, account, tables))];
};

const tableNames = (input: ApiCall['input']): readonly string[] => {
  if (typeof input.TableName === 'string') return [input.TableName];
  return Object.keys((input.RequestItems as object | undefined) ?? {});
};

const keyPermission = (table: string, account: Account, tables: Tables): readonly NeededPermission[] => {
  const resource = tables.get(table)?.kmsKeyArn;
  if (resource === undefined) return [];
  const context = {
    'kms:ViaService': `dynamodb.${account.region}.amazonaws.com`,
    'kms:CallerAccount': account.accountId,
    'kms:EncryptionContext:aws:dynamodb:tableName': table,
    'kms:EncryptionContext:aws:dynamodb:subscriberId': account.accountId,
  };
  return [{ action: 'kms:Decrypt', resource, context }];
};
