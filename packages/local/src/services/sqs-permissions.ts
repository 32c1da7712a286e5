import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import type { ApiCall, NeededPermission } from '../common/service.ts';

/** Batches need the permission of the single call. */
const ACTIONS: Readonly<Record<string, string>> = {
  ChangeMessageVisibilityBatch: 'ChangeMessageVisibility',
  DeleteMessageBatch: 'DeleteMessage',
  SendMessageBatch: 'SendMessage',
};

/** What the queue's key is used for, with the caller's own rights. */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  ReceiveMessage: ['kms:Decrypt'],
  SendMessage: ['kms:GenerateDataKey', 'kms:Decrypt'],
};

/** What moving messages away from a queue takes. */
const TO_MOVE = ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

export const nameInArn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** The queue that a call names, by URL, by name, or as the source of a move. */
export const queueNameOf = ({ QueueUrl, QueueName, SourceArn }: ApiCall['input']): string | undefined => {
  if (typeof QueueUrl === 'string') return QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
  if (typeof QueueName === 'string') return QueueName;
  return typeof SourceArn === 'string' ? nameInArn(SourceArn) : undefined;
};

export interface QueueDirectory {
  /** The customer's key of a queue, if it has one. */
  keyArnOf(queue: string): string | undefined;
  /** The queues whose dead letters come to this one. */
  sourcesOf(queue: string): readonly string[];
}

export const sqsPermissions = (
  { operation, input }: Pick<ApiCall, 'operation' | 'input'>,
  account: Account,
  queues: QueueDirectory,
): readonly NeededPermission[] => {
  const action = ACTIONS[operation] ?? operation;
  const queue = queueNameOf(input);
  if (queue === undefined) return [{ action: `sqs:${action}`, resource: '*' }];
  const on = (name: string, what: string) => onQueue(name, what, account, queues);
  if (operation !== 'StartMessageMoveTask') return on(queue, action);
  const { DestinationArn: destination } = input;
  const receivers = typeof destination === 'string' ? [nameInArn(destination)] : queues.sourcesOf(queue);
  return [...TO_MOVE.flatMap((what) => on(queue, what)), ...receivers.flatMap((name) => on(name, 'SendMessage'))];
};

const onQueue = (
  queue: string,
  action: string,
  account: Account,
  queues: QueueDirectory,
): readonly NeededPermission[] => {
  const queueArn = arnIn(account, 'sqs', queue);
  const keyArn = queues.keyArnOf(queue);
  const context = {
    'kms:ViaService': `sqs.${account.region}.amazonaws.com`,
    'kms:CallerAccount': account.accountId,
    'kms:EncryptionContext:aws:sqs:arn': queueArn,
  };
  const onKey = keyArn === undefined ? [] : (KEY_ACTIONS[action] ?? []);
  return [
    { action: `sqs:${action}`, resource: queueArn },
    ...onKey.map((keyAction) => ({ action: keyAction, resource: keyArn as string, context })),
  ];
};
