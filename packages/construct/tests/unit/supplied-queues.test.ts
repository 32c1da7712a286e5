import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { SfnRedshiftTaskerProps } from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { propertiesOf } from '../helpers/readable.ts';
import { completionQueue, encrypted, policyOf, warningsOf } from '../helpers/supplies.ts';
import { addTasker, newApp, newStack, synthesize } from '../helpers/synth.ts';

type Props = Partial<SfnRedshiftTaskerProps>;
const ARN = 'arn:aws:sqs:eu-west-1:111122223333:';
const imported = (stack: Stack, name: string, keyArn?: string) =>
  Queue.fromQueueAttributes(stack, name, { queueArn: `${ARN}${name}`, ...(keyArn && { keyArn }) });

describe('queues that are supplied', () => {
  const stack = newStack();
  const deadInvocations = new Queue(stack, 'DeadInvocations');
  const deadEvents = new Queue(stack, 'DeadEvents');
  const queue = completionQueue(stack);
  const { tasker, template } = synthesize(
    { completionQueue: queue, invokerDeadLetterQueue: deadInvocations, ruleDeadLetterQueue: deadEvents },
    stack,
  );

  it('are exposed and used, and none is made', () => {
    expect(tasker.completionQueue).toBe(queue);
    expect(tasker.completionDeadLetterQueue).toBe(queue.deadLetterQueue?.queue);
    expect(tasker.invokerDeadLetterQueue).toBe(deadInvocations);
    expect(tasker.ruleDeadLetterQueue).toBe(deadEvents);
    template.resourceCountIs('AWS::SQS::Queue', 4);
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'TaskerInvoker')).toMatchObject({
      DeadLetterConfig: { TargetArn: expect.stringMatching(/^\$\{DeadInvocations/) },
    });
    expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping', 'TaskerDrainCompletionEventSource')).toMatchObject(
      {
        EventSourceArn: expect.stringContaining('${Completions'),
      },
    );
  });

  it('are written to by the rules of the tasker, and by no others', () => {
    const allowed = ['Completions', 'DeadEvents'].map((id) =>
      policyOf(template, `${id}Policy`, 'AWS::SQS::QueuePolicy')
        .filter(({ Action }) => Action === 'sqs:SendMessage')
        .map(({ Condition }) => Condition),
    );
    const rules = ['${TaskerCompletionRule87C65C27.Arn}', '${TaskerExecutionRule916CB765.Arn}'];
    const once = rules.map((rule) => ({ ArnEquals: { 'aws:SourceArn': rule } }));
    expect(allowed).toEqual([once, once]);
  });

  it('bring no warning', () => {
    expect(warningsOf(stack)).toEqual([]);
  });

  it('may have keys of their own, which EventBridge, invoker and drain may use', () => {
    const other = newStack();
    const [key, deadKey] = [new Key(other, 'QueueKey'), new Key(other, 'DeadKey')];
    const props = {
      completionQueue: completionQueue(other, encrypted(key)),
      invokerDeadLetterQueue: new Queue(other, 'DeadInvocations', encrypted(deadKey)),
    };
    const { template: made } = synthesize(props, other);
    const keysOf = (id: string) => policyOf(made, id).find(({ Sid }) => Sid === 'UseQueues')?.Resource;
    expect(keysOf('TaskerDrainRoleDefaultPolicy')).toMatch(/^\$\{QueueKey/);
    expect(keysOf('TaskerInvokerRoleDefaultPolicy')).toEqual([
      expect.stringMatching(/^\$\{QueueKey/),
      expect.stringMatching(/^\$\{DeadKey/),
    ]);
    const { KeyPolicy } = propertiesOf(made, 'AWS::KMS::Key', 'QueueKey') as { KeyPolicy: { Statement: unknown[] } };
    expect(KeyPolicy.Statement).toContainEqual(expect.objectContaining({ Sid: 'EventBridgeSendsToQueues' }));
    expect(warningsOf(other)).toEqual([]);
  });
});

describe('a queue of another stack', () => {
  it('lets all rules in: if it named one, the stacks would need each other', () => {
    const app = newApp();
    const queues = new Stack(app, 'Queues');
    const stack = new Stack(app, 'Stack');
    addTasker(stack, {
      completionQueue: completionQueue(queues),
      ruleDeadLetterQueue: new Queue(queues, 'DeadEvents'),
    });
    const template = Template.fromStack(queues);
    for (const id of ['CompletionsPolicy', 'DeadEventsPolicy']) {
      const sends = policyOf(template, id, 'AWS::SQS::QueuePolicy').filter(
        ({ Action }) => Action === 'sqs:SendMessage',
      );
      expect(sends.map(({ Condition }) => Condition)).toEqual([
        { ArnLike: { 'aws:SourceArn': 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*' } },
      ]);
    }
    expect(warningsOf(stack)).toEqual([]);
  });
});

describe('an imported queue', () => {
  const SEND = '"Action":"sqs:SendMessage"';
  const KEY = '"Sid":"EventBridgeSendsToQueues"';

  it('brings a warning that prints what it must be and have in its policy, and in that of a key', () => {
    const stack = newStack();
    const props = {
      completionQueue: imported(stack, 'queue'),
      completionDeadLetterQueue: imported(stack, 'dead'),
      ruleDeadLetterQueue: imported(stack, 'events', 'arn:aws:kms:eu-west-1:111122223333:key/1'),
    };
    const { template } = synthesize(props, stack);
    const [queue, dead, ...others] = warningsOf(stack);
    expect(others).toEqual([]);
    for (const part of ['completionQueue: ', SEND, KEY, 'keyArn', 'at least 180 seconds', 'at least 5', ':rule/*']) {
      expect(queue).toContain(part);
    }
    expect(dead).toMatch(/^ruleDeadLetterQueue: /);
    expect(dead).toContain(`the policy of its key must hold {"Action":["kms:Decrypt"`);
    template.resourceCountIs('AWS::SQS::QueuePolicy', 1);
  });

  it('as completion queue must come with its dead-letter queue', () => {
    const stack = newStack();
    expect(() => addTasker(stack, { completionQueue: imported(stack, 'queue') })).toThrow(
      'completionDeadLetterQueue: must be given together with an imported completionQueue, of which it is not known here (Stack/queue); received undefined',
    );
  });
});

describe('a queue that cannot be', () => {
  const refused: [string, (stack: Stack) => Props, string][] = [
    [
      'FIFO',
      (stack) => ({ completionQueue: new Queue(stack, 'Q', { fifo: true }) }),
      'completionQueue: must be a standard queue, not a FIFO one: events, dead letters and messages that wait come to it in no order; received "Stack/Q"',
    ],
    [
      'an imported FIFO',
      (stack) => ({ invokerDeadLetterQueue: imported(stack, 'q.fifo') }),
      'invokerDeadLetterQueue: must be a standard queue, not a FIFO one: events, dead letters and messages that wait come to it in no order; received "Stack/q.fifo"',
    ],
    [
      'under alias/aws/sqs',
      (stack) => ({ ruleDeadLetterQueue: new Queue(stack, 'Q', { encryption: QueueEncryption.KMS_MANAGED }) }),
      'ruleDeadLetterQueue: must not be encrypted with alias/aws/sqs, which EventBridge cannot use and whose policy cannot be changed: take a key of your own, or SQS_MANAGED; received "Stack/Q"',
    ],
    [
      'imported under alias/aws/sqs',
      (stack) => ({ completionQueue: imported(stack, 'q', 'arn:aws:kms:eu-west-1:111122223333:alias/aws/sqs') }),
      'completionQueue: must not be encrypted with alias/aws/sqs, which EventBridge cannot use and whose policy cannot be changed: take a key of your own, or SQS_MANAGED; received "Stack/q"',
    ],
    [
      'given together with queue options',
      (stack) => ({ completionQueue: completionQueue(stack), completer: { maxReceiveCount: 9 } }),
      'completer.maxReceiveCount: is an option of a queue that the tasker makes, and must not be given together with completionQueue; received 9',
    ],
    [
      'without a dead-letter queue',
      (stack) => ({ completionQueue: new Queue(stack, 'Q') }),
      'completionQueue: must have a dead-letter queue, or what cannot be handled is received until the queue drops it; received "Stack/Q"',
    ],
    [
      'with another dead-letter queue than is said',
      (stack) => ({ completionQueue: completionQueue(stack), completionDeadLetterQueue: new Queue(stack, 'Q') }),
      'completionDeadLetterQueue: must be that of completionQueue (Stack/DeadCompletions), or left out; received "Stack/Q"',
    ],
    [
      'that hides messages too shortly',
      (stack) => ({
        completionQueue: completionQueue(stack, { visibilityTimeout: Duration.seconds(60) }),
        completer: { timeout: Duration.seconds(20) },
      }),
      'completionQueue.visibilityTimeout: must be at least 120, as six times completer.timeout: else a message comes again while it is still tried; received 60',
    ],
    [
      'that receives too rarely',
      (stack) => ({
        completionQueue: completionQueue(stack, {
          deadLetterQueue: { queue: new Queue(stack, 'Q'), maxReceiveCount: 4 },
        }),
      }),
      'completionQueue.maxReceiveCount: must be a whole number from 5 to 1000; received 4',
    ],
    [
      'that drops messages before it has tried',
      (stack) => ({
        completionQueue: completionQueue(stack, {
          visibilityTimeout: Duration.hours(12),
          deadLetterQueue: { queue: new Queue(stack, 'Q'), maxReceiveCount: 8 },
        }),
      }),
      'completionQueue.maxReceiveCount: must be at most 7: with its visibilityTimeout a message is received every 720 minutes, and after 4 days the queue drops it: before it could come into the dead-letter queue; received 8',
    ],
    [
      'that keeps messages longer than rows live',
      (stack) => ({ completionQueue: completionQueue(stack, { retentionPeriod: Duration.days(14) }) }),
      'recordRetention: must be whole days, 16 or more: a statement runs for up to 1, its event may take 1 to arrive and wait 14 in the queue, and without its row nobody knows which task to answer; received Duration.days(14)',
    ],
    [
      'that is two',
      (stack) => {
        const queue = completionQueue(stack);
        return { completionQueue: queue, ruleDeadLetterQueue: queue };
      },
      'ruleDeadLetterQueue: must not be the completion queue; received "Stack/Completions"',
    ],
  ];

  it.each(refused)('is refused: one %s', (_what, propsIn, message) => {
    const stack = newStack();
    expect(() => addTasker(stack, propsIn(stack))).toThrow(new Error(message));
  });

  it('is refused when another tasker has it', () => {
    const stack = newStack();
    const queue = completionQueue(stack);
    addTasker(stack, { completionQueue: queue });
    expect(() => addTasker(stack, { completionQueue: queue }, 'Second')).toThrow(
      'completionQueue: must serve one tasker only, and serves Stack/Tasker; received "Stack/Completions"',
    );
  });
});
