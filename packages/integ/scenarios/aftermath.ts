import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Ground, Statement } from './ground.ts';
import { TASKERS } from './scenario-stack.ts';

/** What a scenario leaves behind. */
export interface Aftermath {
  /** Every statement that the warehouse has run for the taskers. */
  readonly statements: readonly Statement[];
  /** Messages in the dead-letter queues of the invoker, by now. */
  readonly deadLetters: number;
  /** Messages in the other dead-letter queues. */
  readonly lost: number;
}

const END_STATES = ['FINISHED', 'FAILED', 'ABORTED'];

/**
 * Lets time pass until nothing is open, running or queued any more, and as many dead letters are there as are expected.
 *
 * @param known ids of the statements that there were before it all began
 */
export const aftermathOf = async (on: Ground, known: ReadonlySet<string>, deadLetters: number): Promise<Aftermath> => {
  const statements = await on.world.until(async () => {
    const found = await statementsBeside(on, known);
    return (await isDone(on, found)) && (await deadLettersOf(on)) >= deadLetters ? found : undefined;
  });
  return {
    statements,
    deadLetters: await deadLettersOf(on),
    lost: await messagesIn(on, [...ofEach('CompletionDeadLetters'), ...ofEach('RuleDeadLetters')]),
  };
};

/** Ids of the statements that there are. */
export const knownStatements = async (on: Ground): Promise<ReadonlySet<string>> =>
  new Set((await on.statements()).map(({ id }) => id));

/** Messages in the dead-letter queues of the invokers. */
export const deadLettersOf = (on: Ground): Promise<number> => messagesIn(on, ofEach('InvokerDeadLetters'));

const ofEach = (kind: string): readonly string[] => TASKERS.map((name) => `${name}${kind}`);

const statementsBeside = async (on: Ground, known: ReadonlySet<string>): Promise<readonly Statement[]> =>
  (await on.statements()).filter(({ id }) => !known.has(id));

const isDone = async (on: Ground, statements: readonly Statement[]): Promise<boolean> =>
  statements.every(({ status }) => END_STATES.includes(status)) &&
  (await openItems(on)) === 0 &&
  (await messagesIn(on, ofEach('Queue'))) === 0;

/** Whatever part of the index they stand in. */
const openItems = async ({ dynamodb, world: { outputs } }: Ground): Promise<number> => {
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
const messagesIn = async ({ sqs, world: { outputs } }: Ground, names: readonly string[]): Promise<number> => {
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
