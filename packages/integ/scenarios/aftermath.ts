import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { StatementRecord } from '@sfn-redshift/local';
import type { ScenarioStage } from './local-stage.ts';
import { TASKERS } from './scenario-stack.ts';

/** What a scenario leaves behind. */
export interface Aftermath {
  /** Every statement that the warehouse has run for the taskers. */
  readonly statements: readonly StatementRecord[];
  /** Messages in the dead-letter queues of the invoker, by now. */
  readonly deadLetters: number;
  /** Messages in the other dead-letter queues. */
  readonly lost: number;
}

const END_STATES = ['FINISHED', 'FAILED', 'ABORTED'];

/**
 * Lets time pass until nothing is open, running or queued any more, and as many dead letters are there as are expected.
 *
 * @param since when it all began; epoch milliseconds of the stage's clock
 */
export const aftermathOf = async (on: ScenarioStage, since: number, deadLetters: number): Promise<Aftermath> => {
  await on.world.until(async () =>
    (await isDone(on, since)) && (await deadLettersOf(on)) >= deadLetters ? true : undefined,
  );
  return {
    statements: statementsSince(on, since),
    deadLetters: await deadLettersOf(on),
    lost: await messagesIn(on, [...ofEach('CompletionDeadLetters'), ...ofEach('RuleDeadLetters')]),
  };
};

/** Messages in the dead-letter queues of the invokers. */
export const deadLettersOf = (on: ScenarioStage): Promise<number> => messagesIn(on, ofEach('InvokerDeadLetters'));

const ofEach = (kind: string): readonly string[] => TASKERS.map((name) => `${name}${kind}`);

/** Those of the taskers, not of tests. */
const statementsSince = ({ stage }: ScenarioStage, since: number): readonly StatementRecord[] =>
  stage.redshift.statements().filter(({ createdAt, owner }) => createdAt >= since && owner.includes(':role/'));

const isDone = async (on: ScenarioStage, since: number): Promise<boolean> =>
  statementsSince(on, since).every(({ status }) => END_STATES.includes(status)) &&
  (await openItems(on)) === 0 &&
  (await messagesIn(on, ofEach('Queue'))) === 0;

/** Whatever part of the index they stand in. */
const openItems = async ({ dynamodb, world: { outputs } }: ScenarioStage): Promise<number> => {
  const counts = await Promise.all(
    TASKERS.map(async (name) => {
      const { Count = 0 } = await dynamodb.send(
        new ScanCommand({ TableName: outputs[`${name}Table`], IndexName: 'byOpen', Select: 'COUNT' }),
      );
      return Count;
    }),
  );
  return sum(counts);
};

/** Those that wait for a consumer, and those that one has; not copies that are put back for later. */
const messagesIn = async ({ sqs, world: { outputs } }: ScenarioStage, names: readonly string[]): Promise<number> => {
  const counts = await Promise.all(
    names.map(async (name) => {
      const command = new GetQueueAttributesCommand({ QueueUrl: outputs[name], AttributeNames: ['All'] });
      const { Attributes = {} } = await sqs.send(command);
      return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
    }),
  );
  return sum(counts);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
