import { RemovalPolicy } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { SfnRedshiftTaskerProps } from '../sfn-redshift-tasker-props';
import { encryptionKeyOf } from './encryption';
import { createTrackingTable } from './tracking-table';

/** What outlives the functions, and by default the stack: the key, and what only it can read. */
export interface Storage {
  readonly encryptionKey?: kms.IKey;
  readonly table: dynamodb.Table;
  readonly drainLogGroup: logs.LogGroup;
  readonly invokerLogGroup: logs.LogGroup;
  readonly sweepLogGroup: logs.LogGroup;
}

export const createStorage = (scope: Construct, props: SfnRedshiftTaskerProps): Storage => {
  const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
  const encryptionKey = encryptionKeyOf(scope, { ...props, removalPolicy });
  const retention = props.logRetention ?? logs.RetentionDays.ONE_MONTH;
  // Explicit log groups: those that Lambda would make have no retention and no key, and stay behind.
  const logGroup = (id: string) => new logs.LogGroup(scope, id, { encryptionKey, retention, removalPolicy });
  return {
    encryptionKey,
    table: createTrackingTable(scope, { encryptionKey, removalPolicy }),
    drainLogGroup: logGroup('DrainLogGroup'),
    invokerLogGroup: logGroup('InvokerLogGroup'),
    sweepLogGroup: logGroup('SweepLogGroup'),
  };
};
