import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { account, type TestGateway } from './gateway.ts';

/** Queues of a stage, used as its administrator. */
export const queuesOf = (stage: TestGateway) => {
  const sqs = new SQSClient(stage.client());
  const urlOf = (name: string) => `${stage.endpoint}/${account.accountId}/${name}`;
  return {
    sqs,
    urlOf,
    arnOf: (name: string) => `arn:aws:sqs:${account.region}:${account.accountId}:${name}`,
    create: async (name: string, Attributes: Record<string, string> = {}) =>
      void (await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }))),
    /** Waits for messages, up to a few seconds. */
    receive: async (name: string): Promise<readonly Message[]> => {
      const command = new ReceiveMessageCommand({
        QueueUrl: urlOf(name),
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 5,
        MessageAttributeNames: ['All'],
      });
      return (await sqs.send(command)).Messages ?? [];
    },
    /** Messages that wait, and those that somebody has received and not deleted. */
    counts: async (name: string) => {
      const command = new GetQueueAttributesCommand({ QueueUrl: urlOf(name), AttributeNames: ['All'] });
      const { Attributes = {} } = await sqs.send(command);
      return {
        waiting: Number(Attributes.ApproximateNumberOfMessages),
        inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
      };
    },
  };
};

/** Resolves when an operation has been called, and has ended, `count` times in all; also looks back. */
export const called = ({ gateway }: Pick<TestGateway, 'gateway'>, operation: string, count = 1): Promise<void> =>
  new Promise((resolve) => {
    const check = () => (gateway.calls.counts().get(operation) ?? 0) >= count && resolve();
    gateway.calls.onCall(check);
    check();
  });
