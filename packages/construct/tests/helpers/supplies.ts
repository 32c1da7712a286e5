import { Duration, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, type Template } from 'aws-cdk-lib/assertions';
import { AttributeType, type ITable, ProjectionType, Table, type TableProps } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { readable } from './readable.ts';

/** A table as the tasker needs it. */
export const trackingTable = (stack: Stack, props: Partial<TableProps> = {}): ITable => {
  const table = new Table(stack, 'Table', {
    partitionKey: { name: 'owner', type: AttributeType.STRING },
    sortKey: { name: 'invocationKey', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
    ...props,
  });
  const sortKey = { name: 'startedAt', type: AttributeType.NUMBER };
  table.addLocalSecondaryIndex({ indexName: 'byStartedAt', sortKey });
  table.addGlobalSecondaryIndex({
    indexName: 'byOpen',
    partitionKey: { name: 'open', type: AttributeType.STRING },
    sortKey,
    projectionType: ProjectionType.KEYS_ONLY,
  });
  // CDK's classes say of optional attributes that they may be undefined, its interfaces do not.
  return table as ITable;
};

export const encrypted = (encryptionMasterKey?: IKey): QueueProps =>
  encryptionMasterKey ? { encryption: QueueEncryption.KMS, encryptionMasterKey } : {};

/** A queue as the tasker needs it, with a dead-letter queue. */
export const completionQueue = (stack: Stack, props: QueueProps = {}): Queue =>
  new Queue(stack, 'Completions', {
    enforceSSL: true,
    visibilityTimeout: Duration.minutes(3),
    deadLetterQueue: { queue: new Queue(stack, 'DeadCompletions', { enforceSSL: true }), maxReceiveCount: 5 },
    ...props,
  });

export const handlerRole = (stack: Stack, id: string): Role =>
  new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

/** Everything that can be supplied, save for a network, all of it made in one stack. */
export const everything = (stack: Stack, encryptionKey: IKey) => ({
  encryptionKey,
  table: trackingTable(stack, { encryptionKey }),
  completionQueue: completionQueue(stack, encrypted(encryptionKey)),
  invokerDeadLetterQueue: new Queue(stack, 'DeadInvocations', { enforceSSL: true, ...encrypted(encryptionKey) }),
  ruleDeadLetterQueue: new Queue(stack, 'DeadEvents', { enforceSSL: true, ...encrypted(encryptionKey) }),
  invoker: { role: handlerRole(stack, 'Starter'), logGroup: new LogGroup(stack, 'StarterLogs') },
  completer: { role: handlerRole(stack, 'Finisher'), logGroup: new LogGroup(stack, 'FinisherLogs') },
  sweep: { role: handlerRole(stack, 'Sweeper'), logGroup: new LogGroup(stack, 'SweeperLogs') },
});

/** The tasker's warnings in a stack, without what acknowledges them. */
export const warningsOf = (stack: Stack): string[] =>
  Annotations.fromStack(stack)
    .findWarning('*', Match.stringLikeRegexp('\\[ack: sfn-redshift-tasker:'))
    .map(({ entry }) => (entry.data as string).replace(/ \[ack: .*\]$/, ''));

interface Statement {
  readonly Sid?: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: unknown;
}

/** Statements of a policy, by its id without the hash at the end. */
export const policyOf = (template: Template, id: string, type = 'AWS::IAM::Policy'): Statement[] => {
  const found = Object.entries(template.findResources(type)).filter(
    ([name]) => name.replace(/[0-9A-F]{8}$/, '') === id,
  );
  return found.flatMap(([, { Properties }]) => {
    const { PolicyDocument } = readable(Properties) as { PolicyDocument: { Statement: Statement[] } };
    return PolicyDocument.Statement;
  });
};
