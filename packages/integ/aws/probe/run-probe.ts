import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { reasonOf } from '../../runner/play-scenarios.ts';
import type { Run } from '../../runner/stage.ts';
import { anonymous, type Captured, captureEvents, NAME_LENGTHS } from './captured-events.ts';
import type { Answer, ProbeGround, Question } from './probe-ground.ts';
import { RESPONSE_QUESTIONS } from './response-questions.ts';
import { TASK_QUESTIONS } from './task-questions.ts';

/** Asks all, and writes `probe.json` and the events as `fixtures/<what-became-of-it>.json`. */
export const runProbe = async (on: ProbeGround, directory: string, { say }: Pick<Run, 'say'>): Promise<void> => {
  say('Probing: events …');
  const captured = await captureEvents(on);
  writeFixtures(captured, join(directory, 'fixtures'));
  const questions = [...TASK_QUESTIONS, ...RESPONSE_QUESTIONS, ...eventQuestions(captured)];
  const answers: Answer[] = [];
  for (const { point, question, ask } of questions.sort((one, other) => one.point - other.point)) {
    // One that cannot be asked must not keep the others from being.
    const answer = await ask(on).catch((error: unknown) => `could not be asked: ${reasonOf(error)}`);
    answers.push({ point, question, answer });
    say(`${point}. ${question}\n   ${answer}`);
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'probe.json'), `${JSON.stringify({ points: answers }, undefined, 2)}\n`);
};

const writeFixtures = ({ events }: Captured, directory: string): void => {
  mkdirSync(directory, { recursive: true });
  for (const [name, event] of events)
    if (!name.startsWith('more-'))
      writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(anonymous(event), undefined, 2)}\n`);
};

const eventQuestions = ({ started, events, waitedMs }: Captured): readonly Question[] => [
  {
    point: 4,
    question: 'How long is statementName in an event?',
    ask: () =>
      Promise.resolve(
        NAME_LENGTHS.map((length) => {
          const event = events.get(`named-${length}`);
          return `${event?.detail.statementName?.length ?? 'no event'} of ${length}`;
        }).join(', '),
      ),
  },
  {
    point: 6,
    question: 'How many events never come?',
    ask: () =>
      Promise.resolve(
        `${started.size - events.size} of ${started.size} had not come after ${Math.ceil(waitedMs / 1000)} seconds`,
      ),
  },
  {
    point: 7,
    question: 'Can a queue that SQS encrypts with a key of its own be target and dead-letter queue of a rule?',
    ask: async (on) => {
      const dead = await on
        .until(async () => ((await deadLetters(on)) > 0 ? await deadLetters(on) : undefined))
        .then(
          (count) => `it is sent dead letters (${count})`,
          () => 'it is not sent dead letters',
        );
      return `${events.size > 0 ? 'it is sent events' : 'it is not sent events'}; ${dead}`;
    },
  },
];

const deadLetters = async ({ sqs, outputs }: ProbeGround): Promise<number> => {
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const command = new GetQueueAttributesCommand({ QueueUrl: outputs.OutDeadLetters, AttributeNames });
  return Number((await sqs.send(command)).Attributes?.ApproximateNumberOfMessages ?? 0);
};
