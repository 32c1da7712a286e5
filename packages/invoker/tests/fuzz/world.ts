import { text } from '@sfn-redshift/fuzz';
import type { TrackingItem } from '@sfn-redshift/shared';
import fc, { type Arbitrary } from 'fast-check';
import type { StatementStart } from '../../src/data-api.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { FakeDataApi, sdkError } from '../helpers/fake-data-api.ts';
import { itemWith, SECRETS, STATEMENT_ID } from '../helpers/requests.ts';

const HOUR_MS = 3_600_000;

/** What a call to AWS may throw; a refusal may quote what the call sent. */
const awsError = (...sent: readonly string[]): Arbitrary<Error> =>
  fc
    .record({
      name: fc.constantFrom(
        'ValidationException',
        'ThrottlingException',
        'ResourceNotFoundException',
        'InternalServerException',
        'TimeoutError',
        'AbortError',
        'TaskTimedOut',
        'TaskDoesNotExist',
        'InvalidToken',
      ),
      said: fc.oneof(text, fc.constantFrom('no', ...sent)),
      status: fc.constantFrom(undefined, 400, 404, 429, 500, 503),
      attempts: fc.constantFrom(1, 3),
    })
    .map(({ name, said, status, attempts }) => sdkError(name, said, status, attempts));

/** How a start fails, and what of it AWS quotes. */
const startFailure = fc.record({
  error: awsError(),
  accepted: fc.boolean(),
  quotes: fc.constantFrom<(start: StatementStart) => string>(
    () => '',
    (start) => ('sql' in start ? start.sql : start.sqls.join(' ')),
    ({ parameters }) => JSON.stringify(parameters),
    (start) => JSON.stringify(start),
  ),
});

/** What may stand in the table already, under the request's own key or beside it. */
const standing: Arbitrary<Partial<TrackingItem>> = fc.record(
  {
    status: fc.constantFrom('starting', 'submitted', 'cancelling', 'closed'),
    generation: fc.integer({ min: 1, max: 3 }),
    callback: fc.constantFrom(
      { type: 'none' as const },
      { type: 'stepFunctions' as const, taskToken: SECRETS.taskToken },
      { type: 'stepFunctions' as const, taskToken: `${SECRETS.taskToken}-of-another` },
    ),
    outcome: fc.constantFrom('FINISHED', 'FAILED', 'ABORTED', 'REFUSED', 'UNKNOWN'),
    delivered: fc.boolean(),
    startedAt: fc.integer({ min: START - 26 * HOUR_MS, max: START }),
    startDeadline: fc.integer({ min: START - HOUR_MS, max: START + HOUR_MS }),
    statementId: fc.constant(STATEMENT_ID),
    workHash: text,
    targetId: text,
    adopts: fc.record({
      invocationKey: fc.constantFrom('0'.repeat(32), 'f'.repeat(32)),
      generation: fc.nat({ max: 3 }),
    }),
    startGeneration: fc.integer({ min: 1, max: 3 }),
    closedAt: fc.oneof(fc.integer(), fc.constant(8.64e15 + 1)),
    invocationKey: fc.constant('f'.repeat(32)),
  },
  { requiredKeys: ['status'] },
);

export interface World {
  readonly items: readonly Partial<TrackingItem>[];
  readonly failures: readonly {
    readonly error: Error;
    readonly accepted: boolean;
    readonly quotes: (start: StatementStart) => string;
  }[];
  readonly endings: readonly Error[];
  readonly isGone: boolean;
  readonly taskFailure: Error | undefined;
  readonly queueFailure: Error | undefined;
  readonly answer: Error | object;
  readonly remainingMs: number;
}

const sometimes = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });

/** All that the invoker may meet besides its request. */
export const world: Arbitrary<World> = fc.record({
  items: fc.array(standing, { maxLength: 2 }),
  failures: fc.array(startFailure, { maxLength: 2 }),
  endings: fc.array(awsError(), { maxLength: 2 }),
  isGone: fc.boolean(),
  taskFailure: sometimes(awsError(SECRETS.taskToken)),
  queueFailure: sometimes(awsError()),
  answer: fc.oneof(awsError(), fc.constant({ Status: true })),
  remainingMs: fc.constantFrom(0, 100, 5_000, 30_000),
});

/** Fakes that do as that world says. */
export const dependenciesIn = (given: World): TestDependencies => {
  const dependencies = testDependencies();
  const { dataApi, table, tasks, completions } = dependencies;
  for (const changes of given.items) table.seed(itemWith(changes));
  failStarts(dataApi, given);
  dataApi.endings.push(...given.endings);
  dataApi.answer = given.answer;
  tasks.failure = given.taskFailure;
  if (given.isGone)
    for (const { callback } of table.items) if (callback.type === 'stepFunctions') tasks.gone.add(callback.taskToken);
  completions.failure = given.queueFailure;
  return dependencies;
};

const failStarts = (dataApi: FakeDataApi, { failures }: World): void => {
  const left = [...failures];
  dataApi.execute = (start, signal) => {
    const failure = left.shift();
    if (failure) {
      const error = Object.assign(new Error(`${failure.error.message} ${failure.quotes(start)}`), failure.error);
      dataApi.failures.push({ error, accepted: failure.accepted });
    }
    return FakeDataApi.prototype.execute.call(dataApi, start, signal);
  };
};
