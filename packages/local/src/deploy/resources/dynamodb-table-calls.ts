import { isDeepStrictEqual } from 'node:util';
import { AwsError } from '../../common/aws-error.ts';
import { defined } from '../property-values.ts';
import { callAsCloudFormation, type StageParts } from '../stage-parts.ts';

export type Input = Readonly<Record<string, unknown>>;

/** Everything that makes a table, by the calls that set it. */
export interface TableSettings {
  readonly arn: string;
  readonly TableName: string;
  /** The input of CreateTable. */
  readonly table: Input;
  readonly timeToLive: Input | undefined;
  readonly backups: Input | undefined;
}

/** What UpdateTable can change here. */
const MEMBERS = ['BillingMode', 'ProvisionedThroughput', 'SSESpecification', 'DeletionProtectionEnabled'] as const;

/** What stands for a member that is not given any more. */
const ABSENT: Input = { SSESpecification: { Enabled: false }, DeletionProtectionEnabled: false };

/** A table that cannot be had with all its settings is not left behind without them. */
export const createTable = async (parts: StageParts, settings: TableSettings): Promise<void> => {
  const { TableName, table } = settings;
  const call = callerOf(parts);
  await call('CreateTable', table).catch((error: unknown) => {
    // dynalite leaves its message empty.
    const isTaken = error instanceof AwsError && error.code === 'ResourceInUseException';
    throw isTaken ? new Error(`${TableName} already exists`) : error;
  });
  while (!isActive(await call('DescribeTable', { TableName })));
  try {
    await setTimeToLive(parts, settings);
    if (settings.backups) await setBackups(parts, settings);
  } catch (error) {
    await deleteTable(parts, TableName);
    throw error;
  }
};

/** @param before as the table was wanted last; when that failed half-way, it is not quite so */
export const updateTable = async (parts: StageParts, before: TableSettings, wanted: TableSettings): Promise<void> => {
  const { TableName } = wanted;
  const call = callerOf(parts);
  const changes = changesOf(before.table, wanted.table);
  const open = withoutWhatIs(changes, await call('DescribeTable', { TableName }));
  if (Object.keys(open).length > 0) await call('UpdateTable', { TableName, ...open });
  while (!isActive(await call('DescribeTable', { TableName })));
  await setTimeToLive(parts, wanted);
  if (!isDeepStrictEqual(before.backups, wanted.backups)) await setBackups(parts, wanted);
  await setTags(parts, before, wanted);
};

/** @throws AwsError `ValidationException` when the table is protected */
export const deleteTable = async (parts: StageParts, TableName: string): Promise<void> => {
  await callerOf(parts)('DeleteTable', { TableName });
};

const callerOf = (parts: StageParts) => (operation: string, input: Input) =>
  callAsCloudFormation(parts, 'dynamodb', operation, input);

const isActive = (description: unknown): boolean =>
  (description as { Table: { TableStatus: string } }).Table.TableStatus === 'ACTIVE';

const changesOf = (before: Input, wanted: Input): Input =>
  defined(
    Object.fromEntries(
      MEMBERS.filter((name) => !isDeepStrictEqual(before[name], wanted[name])).map((name) => [
        name,
        wanted[name] ?? ABSENT[name],
      ]),
    ),
  );

/** DynamoDB refuses to be told what is so already. */
const withoutWhatIs = ({ BillingMode, ProvisionedThroughput, ...others }: Input, described: unknown): Input => {
  const { Table } = described as {
    Table: { BillingModeSummary?: { BillingMode: string }; ProvisionedThroughput?: Input };
  };
  const isBilled = BillingMode === (Table.BillingModeSummary?.BillingMode ?? 'PROVISIONED');
  const units = (throughput: Input | undefined) => [throughput?.ReadCapacityUnits, throughput?.WriteCapacityUnits];
  const isProvided = isDeepStrictEqual(
    units(ProvisionedThroughput as Input | undefined),
    units(Table.ProvisionedThroughput),
  );
  return defined({
    ...others,
    BillingMode: isBilled ? undefined : BillingMode,
    ProvisionedThroughput: isProvided ? undefined : ProvisionedThroughput,
  });
};

/** A table has one attribute that tells when items expire; the old one is taken away before there is a new one. */
const setTimeToLive = async (parts: StageParts, { TableName, timeToLive }: TableSettings): Promise<void> => {
  const call = callerOf(parts);
  const { TimeToLiveDescription } = (await call('DescribeTimeToLive', { TableName })) as {
    TimeToLiveDescription: { AttributeName?: string };
  };
  const { AttributeName } = TimeToLiveDescription;
  if (AttributeName === timeToLive?.AttributeName) return;
  const set = (specification: Input) => call('UpdateTimeToLive', { TableName, TimeToLiveSpecification: specification });
  if (AttributeName !== undefined) await set({ AttributeName, Enabled: false });
  if (timeToLive) await set(timeToLive);
};

const setBackups = async (parts: StageParts, { TableName, backups }: TableSettings): Promise<void> => {
  const PointInTimeRecoverySpecification = backups ?? { PointInTimeRecoveryEnabled: false };
  await callerOf(parts)('UpdateContinuousBackups', { TableName, PointInTimeRecoverySpecification });
};

type Tags = readonly { readonly Key: string }[];

const setTags = async (parts: StageParts, before: TableSettings, wanted: TableSettings): Promise<void> => {
  const [old, Tags] = [(before.table.Tags ?? []) as Tags, (wanted.table.Tags ?? []) as Tags];
  if (isDeepStrictEqual(old, Tags)) return;
  const ResourceArn = wanted.arn;
  const TagKeys = old.map(({ Key }) => Key).filter((key) => !Tags.some(({ Key }) => Key === key));
  if (TagKeys.length > 0) await callerOf(parts)('UntagResource', { ResourceArn, TagKeys });
  if (Tags.length > 0) await callerOf(parts)('TagResource', { ResourceArn, Tags });
};
