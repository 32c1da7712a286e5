import { describe, expect, it } from 'vitest';
import { InvalidRequest, parseTaskRequest } from '../../src/index.ts';
import { ACTIONS, FIELD_NAMES } from '../../src/task-request-fields.ts';
import { ATTEMPT, CANARIES, EXECUTION, FORBIDDEN, SQL_WITH_CREDENTIAL, STATEMENT_ID } from '../helpers/canaries.ts';
import { BUILT_ROWS, execute, type Row, refer, without } from '../helpers/request-rows.ts';
import { BATCH_ROWS } from '../helpers/request-rows-batches.ts';
import { DURABLE_EXECUTION, DURABLE_ROWS, durable } from '../helpers/request-rows-durable.ts';
import { EVENT_CHECK_ROWS, EVENT_ROWS } from '../helpers/request-rows-events.ts';
import { MISPLACED_SECRET_ROWS } from '../helpers/request-rows-leaks.ts';
import { RESULT_ROWS } from '../helpers/request-rows-result.ts';
import { SESSION_ROWS } from '../helpers/request-rows-sessions.ts';

const ROWS: readonly Row[] = [
  ...BUILT_ROWS,
  ...RESULT_ROWS,
  ...DURABLE_ROWS,
  ...BATCH_ROWS,
  ...SESSION_ROWS,
  ...EVENT_CHECK_ROWS,
  ...EVENT_ROWS,
  ...MISPLACED_SECRET_ROWS,
];

const refusalOf = (payload: unknown): InvalidRequest => {
  try {
    parseTaskRequest(payload);
  } catch (error) {
    if (error instanceof InvalidRequest) return error;
    throw error;
  }
  throw new Error('the request was accepted');
};

const parsed = (payload: unknown) => parseTaskRequest(payload).request;

describe('the refusals of a request', () => {
  it.each(ROWS.map((row) => ({ ...row, title: row.message.slice(0, 150) })))('says $title', ({ payload, message }) => {
    // Act
    const error = refusalOf(payload);

    // Assess
    expect(error.message).toBe(message);
    expect(error.message).toBe(`${error.field}: ${message.slice(error.field.length + 2)}`);
    expect(message.endsWith(`; received ${error.received}`)).toBe(true);
    expect(error).toMatchObject({ name: 'InvalidRequest', retryable: false });
  });

  it('hold no secret of their payloads', () => {
    const leaks = ROWS.flatMap(({ payload }) => {
      const error = refusalOf(payload);
      const told = `${error.message} ${error.field} ${error.received} ${JSON.stringify(error)} ${String(error.stack)}`;
      return FORBIDDEN.filter((secret) => told.includes(secret)).map((secret) => `${secret} in ${error.message}`);
    });

    expect(leaks).toEqual([]);
  });

  it('stay short, whatever was sent', () => {
    const longest = Math.max(...ROWS.map(({ payload }) => refusalOf(payload).message.length));

    expect(longest).toBeLessThan(400);
  });

  it.each(['{"a":', '['])('say so of a payload that is nested too deeply: %s…', (opening) => {
    const closing = opening === '[' ? ']' : '}';
    const deep = JSON.parse(`${opening.repeat(50_000)}1${closing.repeat(50_000)}`) as unknown;

    for (const payload of [deep, { sqlStatement: deep }, execute({ attempt: deep }), execute({ unknown: deep })]) {
      expect(refusalOf(payload).message).toMatch(
        /^request: must be nested no deeper than 100 levels; received an (array|object)$/,
      );
    }
  });

  it.each(FIELD_NAMES)('cover the field %s', (name) => {
    expect(ROWS.filter(({ field }) => field === name)).not.toEqual([]);
  });

  it('name the first field of the contract that is at fault', () => {
    const error = refusalOf({ taskToken: 1, action: 'no', sqlStatement: 2 });

    expect(error.field).toBe('action');
  });
});

describe('executeStatement', () => {
  it('is what a payload with SQL asks for', () => {
    expect(parsed({ sqlStatement: 'select 1' })).toEqual({
      action: 'executeStatement',
      sqlStatement: 'select 1',
      parameters: {},
      callback: { type: 'none' },
    });
  });

  it('carries everything that a task construct sends', () => {
    expect(parsed({ ...execute(), contractVersion: 1 })).toEqual({
      action: 'executeStatement',
      sqlStatement: SQL_WITH_CREDENTIAL,
      parameters: { p: CANARIES.parameterValue },
      callback: { type: 'stepFunctions', taskToken: CANARIES.taskToken },
      executionArn: EXECUTION,
      attempt: ATTEMPT,
    });
  });

  it.each(['executeStatement', 'executeSingletonStatement'])(
    'of a durable function has its callback, execution and clocks: %s',
    (action) => {
      const clocks = { heartbeatSeconds: 600, maxRuntimeSeconds: 3_600, onTimeout: 'leave' };
      const request = parsed(durable({ action, executionArn: DURABLE_EXECUTION, ...clocks }));

      expect(request).toEqual({
        action,
        sqlStatement: SQL_WITH_CREDENTIAL,
        parameters: { p: CANARIES.parameterValue },
        callback: { type: 'durableFunction', callbackId: CANARIES.callbackId },
        executionArn: DURABLE_EXECUTION,
        ...clocks,
      });
    },
  );

  it('takes the payload of the older library, which knows no attempt', () => {
    const request = parsed(without(execute(), 'attempt', 'parameters'));

    expect(request).not.toHaveProperty('attempt');
    expect(request).toMatchObject({ callback: { type: 'stepFunctions', taskToken: CANARIES.taskToken } });
  });

  it('takes a payload without a token: no callback', () => {
    expect(parsed(without(execute(), 'taskToken'))).toMatchObject({ callback: { type: 'none' }, attempt: ATTEMPT });
  });

  it.each(['cancel', 'leave'] as const)(
    'takes the word on what becomes of a statement that nobody waits for: %s',
    (onTimeout) => {
      expect(parsed(execute({ onTimeout }))).toMatchObject({ onTimeout });
    },
  );

  it.each(['state', 'cause'] as const)(
    'takes the word on what names the error of a statement that fails: %s',
    (errors) => {
      expect(parsed(execute({ errors }))).toMatchObject({ errors });
      expect(parsed(without(execute({ errors }), 'taskToken'))).toMatchObject({ errors });
    },
  );

  it('takes the clocks of a statement', () => {
    const clocks = { heartbeatSeconds: 99_999_999, maxRuntimeSeconds: 86_400 };

    expect(parsed(execute(clocks))).toMatchObject(clocks);
    expect(parsed(without(execute({ maxRuntimeSeconds: 1 }), 'taskToken'))).toMatchObject({ maxRuntimeSeconds: 1 });
  });

  it('takes an attempt without redriveCount as one that was never redriven', () => {
    expect(parsed(execute({ attempt: without(ATTEMPT, 'redriveCount') }))).toMatchObject({
      attempt: { redriveCount: 0 },
    });
  });

  it.each(['adopt', 'restart'])('says what a retry does: %s', (onRetry) => {
    expect(parsed(execute({ onRetry }))).toMatchObject({ onRetry });
  });

  it('takes an idempotency key', () => {
    expect(parsed(execute({ idempotencyKey: 'nightly' }))).toMatchObject({ idempotencyKey: 'nightly' });
  });

  it.each([{ name: 'nightly' }, { name: 'nightly', mode: 'fail' }])(
    'takes a lock, which fails where it is held: %o',
    (lock) => {
      expect(parsed(execute({ lock }))).toMatchObject({ lock: { name: 'nightly', mode: 'fail' } });
    },
  );

  it('sends numbers and booleans as text', () => {
    const parameters = { i: 7, f: 0.25, negative: -3, exact: Number.MAX_SAFE_INTEGER, yes: true, no: false, text: ' ' };

    expect(parsed(execute({ parameters }))).toMatchObject({
      parameters: {
        i: '7',
        f: '0.25',
        negative: '-3',
        exact: '9007199254740991',
        yes: 'true',
        no: 'false',
        text: ' ',
      },
    });
  });

  it.each([
    ['of ASCII', 'x'.repeat(204_800)],
    ['of characters of two bytes', 'é'.repeat(102_400)],
    ['of characters of four bytes', '😀'.repeat(51_200)],
  ])('takes exactly 200 KB of SQL %s', (_what, sqlStatement) => {
    expect(parsed({ sqlStatement })).toMatchObject({ sqlStatement });
  });

  it('takes a task token of exactly 2,048 characters', () => {
    const taskToken = 't'.repeat(2048);

    expect(parsed(execute({ taskToken }))).toMatchObject({ callback: { taskToken } });
  });

  it.each([
    'arn:aws:states:r:1:execution:m:e',
    'arn:aws-cn:states:r:1:express:m:e:u',
    'arn:aws:states:r:1:execution:m/Label:u',
  ])('takes the execution %s', (executionArn) => {
    expect(parsed(execute({ executionArn }))).toMatchObject({ executionArn });
  });
});

describe('executeSingletonStatement', () => {
  it('takes what executeStatement takes', () => {
    const action = 'executeSingletonStatement';

    expect(parsed(execute({ action }))).toEqual({ ...parsed(execute()), action });
  });
});

describe.each(ACTIONS.filter((name) => /^(describe|cancel|get)/.test(name)))('%s', (action) => {
  it('names a statement by its id', () => {
    expect(parsed(refer(action))).toEqual({ action, statement: { id: STATEMENT_ID } });
  });

  it('names a statement of a batch by its id', () => {
    expect(parsed(refer(action, { statementId: `${STATEMENT_ID}:12` }))).toMatchObject({
      statement: { id: `${STATEMENT_ID}:12` },
    });
  });

  it('names the latest statement of an execution, optionally of one state', () => {
    const latest = refer(action, { statementId: 'LATEST', executionArn: EXECUTION });

    expect(parsed(latest)).toEqual({ action, statement: { latestOf: EXECUTION } });
    expect(parsed({ ...latest, state: 'Load' })).toEqual({ action, statement: { latestOf: EXECUTION, state: 'Load' } });
  });

  it('takes what every state sends alike: execution and attempt', () => {
    expect(parsed(refer(action, { executionArn: EXECUTION, attempt: ATTEMPT }))).toEqual(parsed(refer(action)));
  });
});

describe('getStatementResult', () => {
  it('names the page to read', () => {
    expect(parsed(refer('getStatementResult', { nextToken: 'page 2' }))).toMatchObject({ nextToken: 'page 2' });
  });
});

describe('a sender of a newer contract', () => {
  const newer = execute({ contractVersion: 2, priority: 'high', attempt: { ...ATTEMPT, mapIndex: 3, token: 'x' } });

  it('may send fields that we do not know: they are ignored and reported', () => {
    const { request, ignoredFields } = parseTaskRequest(newer);

    expect(request).toEqual(parsed(execute()));
    expect(ignoredFields).toEqual(['attempt.mapIndex', 'attempt.token', 'priority'].sort());
  });

  it('is refused for what we know and cannot do', () => {
    expect(refusalOf({ ...newer, action: 'unload' }).field).toBe('action');
    expect(refusalOf({ ...newer, session: { id: 's' } }).field).toBe('session.id');
  });

  it.each([1, undefined])('is not one that sends contractVersion %s', (contractVersion) => {
    const payload = contractVersion === undefined ? without(newer, 'contractVersion') : { ...newer, contractVersion };

    expect(refusalOf(payload).message).toContain('is not a field of a request');
  });
});
