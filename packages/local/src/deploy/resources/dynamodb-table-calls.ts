import { isDeepStrictEqual } from 'node:util';
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
  await call('CreateTable', table);
  while (!isActive(await call('DescribeTable', { TableName })));
  try {
    await setTimeToLive(parts, undefined, settings);
    if (settings.backups) await setBackups(parts, settings);
  } catch (error) {
    await deleteTable(parts, TableName);
    throw error;
  }
};

export const updateTable = async (parts: StageParts, before: TableSettings, wanted: TableSettings): Promise<void> => {
  const { TableName } = wanted;
  const call = callerOf(parts);
  const changes = changesOf(before.table, wanted.table);
  if (Object.keys(changes).length > 0) await call('UpdateTable', { TableName, ...changes });
  while (!isActive(await call('DescribeTable', { TableName })));
  if (!isDeepStrictEqual(before.timeToLive, wanted.timeToLive)) await setTimeToLive(parts, before.timeToLive, wanted);
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

/** A table has one attribute that tells when items expire; the old one is taken away before there is a new one. */
const setTimeToLive = async (
  parts: StageParts,
  before: Input | undefined,
  { TableName, timeToLive }: TableSettings,
): Promise<void> => {
  const set = (specification: Input) =>
    callerOf(parts)('UpdateTimeToLive', { TableName, TimeToLiveSpecification: specification });
  if (before) await set({ ...before, Enabled: false });
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
