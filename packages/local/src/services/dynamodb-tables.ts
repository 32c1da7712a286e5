import { AwsError, NotSupportedError } from '../common/aws-error.ts';
import type { KeyDirectory } from './kms.ts';

type Input = Readonly<Record<string, unknown>>;

/** What dynalite takes in without a word and forgets. */
export interface TableSettings {
  readonly keyAttributes: readonly string[];
  /** The customer's key, if the table has one. */
  readonly kmsKeyArn: string | undefined;
  readonly isDeletionProtected: boolean;
  readonly timeToLiveAttribute: string | undefined;
  readonly recoveryPeriodInDays: number | undefined;
}

export type Tables = Map<string, TableSettings>;

/** Members of CreateTable and UpdateTable that dynalite or this file acts upon. */
const MEMBERS = [
  'AttributeDefinitions',
  'BillingMode',
  'DeletionProtectionEnabled',
  'GlobalSecondaryIndexes',
  'GlobalSecondaryIndexUpdates',
  'KeySchema',
  'LocalSecondaryIndexes',
  'ProvisionedThroughput',
  'SSESpecification',
  'TableName',
  'Tags',
];

/** @throws NotSupportedError naming what would be ignored: streams, table classes, replicas, resource policies, … */
export const refuseUnknownMembers = (operation: string, input: Input): void => {
  const isSwitchedOff = (input.StreamSpecification as { StreamEnabled?: boolean } | undefined)?.StreamEnabled === false;
  const known = isSwitchedOff ? [...MEMBERS, 'StreamSpecification'] : MEMBERS;
  const unknown = Object.keys(input).find((member) => !known.includes(member));
  if (unknown) throw new NotSupportedError(`The ${operation} parameter ${unknown} is not supported.`);
};

export const newTableSettings = (input: Input, keys: KeyDirectory): TableSettings => ({
  keyAttributes: ((input.KeySchema ?? []) as { AttributeName: string }[]).map((key) => key.AttributeName),
  kmsKeyArn: keyArnOf(input.SSESpecification, keys),
  isDeletionProtected: input.DeletionProtectionEnabled === true,
  timeToLiveAttribute: undefined,
  recoveryPeriodInDays: undefined,
});

/** Undefined for a table under a key of AWS's own, the use of which needs no permission. */
export const keyArnOf = (specification: unknown, keys: KeyDirectory): string | undefined => {
  const { Enabled, KMSMasterKeyId: key } = (specification ?? {}) as { Enabled?: boolean; KMSMasterKeyId?: string };
  if (!Enabled || key === undefined || key.includes('alias/aws/')) return undefined;
  const arn = keys.arnOf(key);
  if (arn !== undefined) return arn;
  throw new AwsError(
    'ValidationException',
    `One or more parameter values were invalid: KMS key ${key} does not exist.`,
  );
};

/** The parts of a table's description that come from its settings. */
export const describeSettings = (settings: TableSettings | undefined): Record<string, unknown> => ({
  DeletionProtectionEnabled: settings?.isDeletionProtected ?? false,
  ...(settings?.kmsKeyArn === undefined
    ? {}
    : { SSEDescription: { Status: 'ENABLED', SSEType: 'KMS', KMSMasterKeyArn: settings.kmsKeyArn } }),
});
