import { RemovalPolicy } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import { encryptionKeyOf } from './encryption';
import { checkTable } from './supplied-table';
import { createTrackingTable } from './tracking-table';

/** What outlives the functions, and by default the stack: the key, and what only it can read. */
export interface Storage {
  readonly encryptionKey?: kms.IKey;
  readonly table: dynamodb.ITable;
  readonly logGroups: LogGroupProps;
}

/** How log groups are made. */
export type LogGroupProps = Pick<logs.LogGroupProps, 'encryptionKey' | 'retention' | 'removalPolicy'>;

export const createStorage = (scope: Construct, props: SfnRedshiftTaskerProps): Storage => {
  const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
  const key = encryptionKeyOf(scope, { ...props, removalPolicy });
  const encryptionKey = key && { encryptionKey: key };
  if (props.table) checkTable(scope, props.table);
  return {
    ...encryptionKey,
    table: props.table ?? createTrackingTable(scope, { ...encryptionKey, removalPolicy }),
    logGroups: { ...encryptionKey, retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH, removalPolicy },
  };
};

/** Explicit log groups: those that Lambda would make have no retention and no key, and stay behind. */
export const logGroupOf = (
  scope: Construct,
  id: string,
  supplied: logs.ILogGroup | undefined,
  props: LogGroupProps,
): logs.ILogGroup => supplied ?? new logs.LogGroup(scope, id, props);
