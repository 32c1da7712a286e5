import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { eventBridgeMayUse } from './key-policy';
import { queueResource } from './queue-resource';
import { isOfStack, letAnyRuleSend } from './rule-target';
import { checkKeyNotAlias, refuse } from './validation';

const MANAGED_KEY = 'alias/aws/sqs';

/** @throws Error naming the property when the queue cannot be what it was supplied for. */
export const checkQueue = (property: string, queue: sqs.IQueue | undefined): void => {
  if (!queue) return;
  if (queue.fifo) {
    const rule = 'must be a standard queue, not a FIFO one';
    refuse(property, `${rule}: events, dead letters and messages that wait come to it in no order`, queue.node.path);
  }
  checkKeyNotAlias(`${property}.encryptionMasterKey`, isUnderManagedKey(queue) ? undefined : queue.encryptionMasterKey);
};

/** @throws Error naming the property when EventBridge could not write to the queue. */
export const checkQueueOfRule = (property: string, queue: sqs.IQueue | undefined): void => {
  checkQueue(property, queue);
  if (!queue || !isUnderManagedKey(queue)) return;
  const rule = `must not be encrypted with ${MANAGED_KEY}, which EventBridge cannot use and whose policy cannot be changed`;
  refuse(property, `${rule}: take a key of your own, or SQS_MANAGED`, queue.node.path);
};

const isUnderManagedKey = (queue: sqs.IQueue): boolean => {
  const key = queueResource(queue)?.kmsMasterKeyId ?? queue.encryptionMasterKey?.keyArn ?? '';
  return !Token.isUnresolved(key) && String(key).endsWith(MANAGED_KEY);
};

/**
 * Lets EventBridge write to a supplied queue, under the queue's key. What cannot be done from here a warning prints.
 *
 * @param further what else is needed of an imported queue
 */
export const letRulesSend = (scope: Construct, property: string, queue: sqs.IQueue, further: string[] = []): void => {
  const needs = [
    ...policyMissing(scope, queue),
    ...keyPolicyMissing(scope, queue),
    ...(queueResource(queue) ? [] : further),
  ];
  if (needs.length === 0) return;
  Annotations.of(scope).addWarningV2(
    `sfn-redshift-tasker:${property}`,
    `${property}: what it needs cannot be seen to from here, and without it EventBridge cannot deliver completion events: ${needs.join('; ')}`,
  );
};

/** Of a queue of the same stack each rule sees to it itself. */
const policyMissing = (scope: Construct, queue: sqs.IQueue): string[] => {
  if (isOfStack(queue, Stack.of(scope))) return [];
  const statement = letAnyRuleSend(Stack.of(scope), queue);
  if (queue.addToResourcePolicy(statement).statementAdded) return [];
  return [`its policy must hold ${printed(scope, statement)}`];
};

/** An imported queue may have a key without saying so. */
const keyPolicyMissing = (scope: Construct, queue: sqs.IQueue): string[] => {
  const statement = eventBridgeMayUse(Stack.of(scope));
  const { encryptionMasterKey: key } = queue;
  if (key?.addToResourcePolicy(statement, true).statementAdded) return [];
  const must = `the policy of its key must hold ${printed(scope, statement)}`;
  if (key) return [must];
  if (queueResource(queue)) return [];
  return [`if it has a key of yours, it must be imported with that (keyArn of Queue.fromQueueAttributes), and ${must}`];
};

const printed = (scope: Construct, statement: PolicyStatement): string =>
  JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()));
