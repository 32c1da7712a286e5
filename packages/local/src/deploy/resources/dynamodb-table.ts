import { arnIn } from '../../common/arn.ts';
import type { Properties } from '../properties.ts';
import { defined } from '../property-values.ts';
import { nameOf, type ResourceType } from '../resource.ts';
import { createTable, deleteTable, type Input, type TableSettings, updateTable } from './dynamodb-table-calls.ts';

const MOST_UNITS = { from: 1, to: 40_000 };

/** dynalite's do. */
const INDEXES_STAY = 'cannot be changed on the stage: indexes are made together with their table only';

export const dynamoDbTable: ResourceType = {
  replacement: ['KeySchema', 'LocalSecondaryIndexes', 'TableName'],
  unchangeable: { AttributeDefinitions: INDEXES_STAY, GlobalSecondaryIndexes: INDEXES_STAY },
  plan: (resource, { account, parts }) => {
    const TableName = nameOf(resource, 'TableName', { longest: 255 });
    const arn = arnIn(account, 'dynamodb', `table/${TableName}`);
    const settingsOf = (properties: Properties): TableSettings => ({
      arn,
      TableName,
      table: tableInput(TableName, properties),
      timeToLive: timeToLiveInput(properties),
      backups: backupsInput(properties),
    });
    const settings = settingsOf(resource.properties);
    resource.properties.only('TableClass', 'STANDARD');
    resource.properties.object('ContributorInsightsSpecification')?.only('Enabled', false);
    return {
      physicalId: TableName,
      attributes: { Arn: arn },
      create: () => createTable(parts, settings),
      update: (existing) => updateTable(parts, settingsOf(existing.properties), settings),
      delete: () => deleteTable(parts, TableName),
    };
  },
};

const tableInput = (TableName: string, properties: Properties): Input =>
  defined({
    TableName,
    AttributeDefinitions: properties.objects('AttributeDefinitions').map((definition) => ({
      AttributeName: definition.requiredString('AttributeName'),
      AttributeType: definition.requiredString('AttributeType'),
    })),
    KeySchema: keySchema(properties),
    BillingMode: properties.string('BillingMode') ?? 'PROVISIONED',
    ProvisionedThroughput: throughput(properties),
    GlobalSecondaryIndexes: indexes(properties, 'GlobalSecondaryIndexes'),
    LocalSecondaryIndexes: indexes(properties, 'LocalSecondaryIndexes'),
    SSESpecification: encryption(properties),
    DeletionProtectionEnabled: properties.boolean('DeletionProtectionEnabled'),
    Tags: tags(properties),
  });

const keySchema = (properties: Properties): readonly Input[] =>
  properties.objects('KeySchema').map((key) => ({
    AttributeName: key.requiredString('AttributeName'),
    KeyType: key.requiredString('KeyType'),
  }));

const throughput = (properties: Properties): Input | undefined => {
  const units = properties.object('ProvisionedThroughput');
  return (
    units && {
      ReadCapacityUnits: units.integer('ReadCapacityUnits', MOST_UNITS),
      WriteCapacityUnits: units.integer('WriteCapacityUnits', MOST_UNITS),
    }
  );
};

/** An empty list is no list to CreateTable. */
const indexes = (properties: Properties, name: string): readonly Input[] | undefined => {
  const all = properties.objects(name).map((index) =>
    defined({
      IndexName: index.requiredString('IndexName'),
      KeySchema: keySchema(index),
      Projection: projection(index),
      ProvisionedThroughput: throughput(index),
    }),
  );
  return all.length > 0 ? all : undefined;
};

const projection = (index: Properties): Input | undefined => {
  const wanted = index.object('Projection');
  if (!wanted) return undefined;
  const NonKeyAttributes = wanted.strings('NonKeyAttributes');
  return defined({
    ProjectionType: wanted.string('ProjectionType'),
    NonKeyAttributes: NonKeyAttributes.length > 0 ? NonKeyAttributes : undefined,
  });
};

const encryption = (properties: Properties): Input | undefined => {
  const wanted = properties.object('SSESpecification');
  wanted?.only('SSEType', 'KMS');
  return wanted && defined({ Enabled: wanted.boolean('SSEEnabled'), KMSMasterKeyId: wanted.string('KMSMasterKeyId') });
};

const timeToLiveInput = (properties: Properties): Input | undefined => {
  const wanted = properties.object('TimeToLiveSpecification');
  if (!wanted) return undefined;
  const Enabled = wanted.boolean('Enabled') ?? false;
  const AttributeName = wanted.string('AttributeName');
  return Enabled ? { Enabled, AttributeName } : undefined;
};

const backupsInput = (properties: Properties): Input | undefined => {
  const wanted = properties.object('PointInTimeRecoverySpecification');
  return (
    wanted &&
    defined({
      PointInTimeRecoveryEnabled: wanted.boolean('PointInTimeRecoveryEnabled') ?? false,
      RecoveryPeriodInDays: wanted.integer('RecoveryPeriodInDays', { from: 1, to: 35 }),
    })
  );
};

const tags = (properties: Properties): readonly Input[] | undefined => {
  const all = properties
    .objects('Tags')
    .map((tag) => ({ Key: tag.requiredString('Key'), Value: tag.requiredString('Value') }));
  return all.length > 0 ? all : undefined;
};
