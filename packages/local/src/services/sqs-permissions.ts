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

/** The queue that a call names, by URL or by name. */
export const queueNameOf = ({ QueueUrl, QueueName }: ApiCall['input']): string | undefined => {
  if (typeof QueueUrl === 'string') return QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1);
  return typeof QueueName === 'string' ? QueueName : undefined;
};

/** @param keyArnOf the customer's key of a queue, if it has one */
export const sqsPermissions = (
  { operation, input }: Pick<ApiCall, 'operation' | 'input'>,
  account: Account,
  keyArnOf: (queue: string) => string | undefined,
): readonly NeededPermission[] => {
  const action = ACTIONS[operation] ?? operation;
  const queue = queueNameOf(input);
  if (queue === undefined) return [{ action: `sqs:${action}`, resource: '*' }];
  const queueArn = arnIn(account, 'sqs', queue);
  const keyArn = keyArnOf(queue);
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
