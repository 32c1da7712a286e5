import type { ExecuteRequest, TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { endStatement } from '../../src/end-statement.ts';
import { invoke } from '../../src/invoke.ts';
import { reportEnd } from '../../src/report-end.ts';
import { startStatement } from '../../src/start-statement.ts';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { itemWith, REQUEST, STATEMENT_ID } from '../helpers/requests.ts';

const INVOCATION = { requestId: 'lambda-request-1', deadline: START + 30_000 };
const DOWN = sdkError('InternalServerError', 'down', 500);
const ITEM = itemWith();
const STATE = { stateName: ITEM.attempt?.state };
const STATEMENT = { statementId: STATEMENT_ID, statementName: ITEM.statementName };

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
});

/** What is logged, without the words for people. */
const logged = () => dependencies.telemetry.lines.map(({ level, fields }) => [level, fields]);

const start = (request: ExecuteRequest = REQUEST) => startStatement(request, INVOCATION, dependencies);

describe('of a start is logged', () => {
  it('which statement runs', async () => {
    const { statementId } = await start();

    expect(logged()).toEqual([['info', { ...STATEMENT, ...STATE, statementId }]]);
  });

  it('which statement runs already', async () => {
    dependencies.table.seed(ITEM);

    await start();

    expect(logged()).toEqual([['info', { ...STATEMENT, ...STATE }]]);
  });

  it('why it was refused', async () => {
    dependencies.dataApi.failures.push({ error: sdkError('ValidationException', 'no', 400) });

    await expect(start()).rejects.toThrow('no');

    expect(logged()).toEqual([
      [
        'warn',
        {
          statementName: ITEM.statementName,
          error: 'ValidationException',
          status: 400,
          requestId: 'aws-request-1',
        },
      ],
    ]);
  });

  it.each([
    ['cannot be closed', 'closeRefused', 400],
    ['cannot be let go', 'moveDeadline', 429],
  ] as const)('why a claim that was not executed %s', async (_what, write, status) => {
    dependencies.dataApi.failures.push({ error: sdkError('AnyException', 'no', status) });
    dependencies.table[write] = () => Promise.reject(DOWN);

    await expect(start()).rejects.toThrow('no');

    expect(logged().at(-1)).toEqual(['error', { statementName: ITEM.statementName, error: 'InternalServerError' }]);
  });

  it('that a claim that was not executed has changed', async () => {
    dependencies.dataApi.failures.push({ error: sdkError('ValidationException', 'no', 400) });
    dependencies.table.closeRefused = () => Promise.resolve({ done: false, standing: undefined });

    await expect(start()).rejects.toThrow('no');

    expect(logged().at(-1)).toEqual(['warn', { statementName: ITEM.statementName }]);
  });

  it.each<[string, Partial<TrackingItem> | undefined, string]>([
    ['the item is gone', undefined, 'the item is gone'],
    ['the item has changed', { status: 'starting', generation: 2 }, 'the item has changed'],
  ])('that the statement could not be noted: %s', async (_what, standing, error) => {
    dependencies.table.noteStatement = () => Promise.resolve({ done: false, standing: standing && itemWith(standing) });

    const { statementId } = await start();

    expect(logged().at(-1)).toEqual(['error', { ...STATEMENT, ...STATE, statementId, error }]);
  });
});

describe('of an earlier statement is logged', () => {
  const claim = { item: ITEM, onRetry: 'restart', isShared: false, waitUntil: START + 10_000 } as const;

  it('that it has ended, and what its cancel was told', async () => {
    dependencies.table.seed(ITEM);
    dependencies.dataApi.answer = sdkError('ValidationException', 'no', 400);

    await endStatement(ITEM, claim, dependencies);

    expect(logged()).toEqual([
      ['info', { ...STATEMENT, error: 'ValidationException' }],
      ['info', { ...STATEMENT, state: 'ABORTED' }],
    ]);
  });

  it('why its end was not handed on', async () => {
    dependencies.dataApi.endings.push(DOWN);
    dependencies.completions.failure = sdkError('KmsThrottled', 'no', 400);

    await reportEnd(ITEM, ITEM, START + 1_000, dependencies);

    expect(logged()).toEqual([
      ['warn', { ...STATEMENT, error: 'InternalServerError' }],
      ['error', { ...STATEMENT, error: 'KmsThrottled' }],
    ]);
  });
});

describe('of a request is logged', () => {
  it('why its cancel was not noted', async () => {
    dependencies.table.seed(ITEM);
    dependencies.table.markCancelling = () => Promise.reject(DOWN);
    const payload = { action: 'cancelStatement', statementId: 'LATEST', executionArn: REQUEST.executionArn };

    await invoke(payload, INVOCATION, dependencies);

    expect(logged()).toEqual([['warn', { ...STATEMENT, error: 'InternalServerError' }]]);
  });

  it('which fields of a newer sender were ignored, 20 of them', async () => {
    const more = Object.fromEntries(Array.from({ length: 21 }, (_, number) => [`field${number}`, 1]));
    dependencies.dataApi.answer = {};

    await invoke(
      { action: 'describeStatement', statementId: STATEMENT_ID, contractVersion: 2, ...more },
      INVOCATION,
      dependencies,
    );

    expect(logged()).toEqual([['warn', { fields: Object.keys(more).slice(0, 20).join(', ') }]]);
  });
});
