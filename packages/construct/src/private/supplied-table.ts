import { Annotations } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { TABLE } from './contract.generated';
import { resourceOf } from './resource-of';

/** What of a table the handlers need. Both tables of CloudFormation name it so. */
type TableResource = Pick<
  dynamodb.CfnTable,
  | 'keySchema'
  | 'attributeDefinitions'
  | 'localSecondaryIndexes'
  | 'globalSecondaryIndexes'
  | 'timeToLiveSpecification'
  | 'stack'
>;

/** Keys as `owner (S), startedAt (N)`: partition key, sort key. */
const KEYS = `${TABLE.partitionKey} (S), ${TABLE.sortKey} (S)`;
const STARTED_AT_KEYS = `${TABLE.partitionKey} (S), ${TABLE.startedAt} (N)`;
const OPEN_KEYS = `${TABLE.open} (S), ${TABLE.startedAt} (N)`;

/**
 * A table of this app is looked at when all is said, as indexes may be added later; for an imported one a warning tells what
 * it must have.
 */
export const checkTable = (scope: Construct, table: dynamodb.ITable): void => {
  const types = [dynamodb.CfnTable.CFN_RESOURCE_TYPE_NAME, dynamodb.CfnGlobalTable.CFN_RESOURCE_TYPE_NAME];
  const resource = resourceOf<dynamodb.CfnTable>(table, ...types);
  if (resource) return scope.node.addValidation({ validate: () => faultsOf(resource, table.node.path) });
  Annotations.of(scope).addWarningV2(
    'sfn-redshift-tasker:table',
    `table: of an imported table nothing is known here. It must have the keys ${KEYS}; ${NEEDED.join('; ')}; and serve no other tasker. If it has a key of yours, it must be imported with that (encryptionKey of Table.fromTableAttributes)`,
  );
};

const LOCAL_INDEX = `the local secondary index ${TABLE.startedAtIndex} on ${STARTED_AT_KEYS}, projecting ALL`;
const GLOBAL_INDEX = `the global secondary index ${TABLE.openIndex} on ${OPEN_KEYS}`;
const EXPIRY = `time to live by ${TABLE.timeToLive}`;
const NEEDED = [LOCAL_INDEX, GLOBAL_INDEX, EXPIRY];

interface Index {
  readonly indexName: string;
  readonly keySchema: KeySchema;
  readonly projection?: { readonly projectionType?: string };
}

type KeySchema = readonly { readonly attributeName: string; readonly keyType: string }[];

const faultsOf = (resource: TableResource, path: string): string[] => {
  const read = <T>(value: unknown): T | undefined => resource.stack.resolve(value) as T | undefined;
  const types = new Map(
    read<{ attributeName: string; attributeType: string }[]>(resource.attributeDefinitions)?.map((attribute) => [
      attribute.attributeName,
      attribute.attributeType,
    ]),
  );
  const keys = (schema: KeySchema = []) =>
    schema.map(({ attributeName }) => `${attributeName} (${String(types.get(attributeName))})`).join(', ');
  const index = (indexes: unknown, name: string) => read<Index[]>(indexes)?.find(({ indexName }) => indexName === name);
  const startedAt = index(resource.localSecondaryIndexes, TABLE.startedAtIndex);
  const open = index(resource.globalSecondaryIndexes, TABLE.openIndex);
  const timeToLive = read<{ attributeName?: string; enabled?: unknown }>(resource.timeToLiveSpecification);
  const checks: [string, string, string][] = [
    [`the keys ${KEYS}`, KEYS, keys(read(resource.keySchema))],
    [LOCAL_INDEX, `${STARTED_AT_KEYS}: ALL`, `${keys(startedAt?.keySchema)}: ${startedAt?.projection?.projectionType}`],
    [GLOBAL_INDEX, OPEN_KEYS, keys(open?.keySchema)],
    [EXPIRY, TABLE.timeToLive, timeToLive?.enabled === true ? String(timeToLive.attributeName) : ''],
  ];
  return checks
    .filter(([, wanted, found]) => found !== wanted)
    .map(([needed, , found]) => `table: must have ${needed}; received "${path}" with ${found || 'none'}`);
};
