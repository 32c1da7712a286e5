import { type ExecuteRequest, workHashOf } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { startStatement } from '../../src/start-statement.ts';
import { type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { REQUEST } from '../helpers/requests.ts';

const SESSION_ID = '0a1b2c3d-0c1d-4e5f-8a9b-0c1d2e3f4a5b';
const OPENS: ExecuteRequest = { ...REQUEST, session: { keepAliveSeconds: 60 } };
const USES: ExecuteRequest = { ...REQUEST, session: { id: SESSION_ID } };

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
});

const start = (request: ExecuteRequest, timeout = 30_000) =>
  startStatement(request, { requestId: 'r-1', deadline: dependencies.clock.time + timeout }, dependencies);

const failWith = (name: string, message: string, status = 400, attempts = 1) =>
  dependencies.dataApi.failures.push({ error: sdkError(name, message, status, attempts) });

const unavailable = (attempts = 1) => failWith('ValidationException', 'Session is not available', 400, attempts);

describe('a start that opens a session', () => {
  it('tells and notes the id of the session', async () => {
    const answer = await start(OPENS);

    expect(answer.sessionId).toMatch(/^5e/);
    expect(answer.SessionId).toBe(answer.sessionId);
    expect(dependencies.dataApi.starts[0]).toMatchObject({ session: { keepAliveSeconds: 60 } });
    expect(dependencies.table.only).toMatchObject({
      status: 'submitted',
      session: { id: answer.sessionId },
      workHash: workHashOf(OPENS),
    });
  });

  it('has claimed that it does before it executes', async () => {
    let claimed: unknown;
    dependencies.dataApi.whenAccepted = () => {
      claimed = dependencies.table.only.session;
    };

    await start(OPENS);

    expect(claimed).toEqual({});
  });

  it('gives a repeat the same session', async () => {
    const first = await start(OPENS);

    expect(await start(OPENS)).toEqual(first);
    expect(dependencies.dataApi.running).toHaveLength(1);
  });

  it('passes on that there are too many', async () => {
    failWith('ActiveSessionsExceededException', 'Active sessions exceeded');

    await expect(start(OPENS)).rejects.toMatchObject({ name: 'ActiveSessionsExceededException', retryable: false });
  });
});

describe('a start in a session', () => {
  it('notes and tells that session', async () => {
    expect(await start(USES)).toMatchObject({ sessionId: SESSION_ID, SessionId: SESSION_ID });

    expect(dependencies.dataApi.starts[0]).toMatchObject({ session: { id: SESSION_ID } });
    expect(dependencies.table.only.session).toEqual({ id: SESSION_ID });
  });

  it('without one says nothing of sessions', async () => {
    expect(await start(REQUEST)).not.toHaveProperty('sessionId');
    expect(dependencies.table.only).not.toHaveProperty('session');
  });

  it.each(['BUSY', 'AVAILABLE', sdkError('AccessDeniedException', 'no', 403)])(
    'that is busy is refused for now, and frees its key: status %s',
    async (status) => {
      dependencies.dataApi.status = status;
      unavailable();

      await expect(start(USES)).rejects.toMatchObject({
        name: 'SessionBusy',
        retryable: true,
        message: `the session ${SESSION_ID} runs another statement; when that has ended, the same request can start this one`,
      });

      expect(dependencies.dataApi.followed).toEqual([['sessionStatus', SESSION_ID]]);
      expect(dependencies.table.only).toMatchObject({ status: 'closed', outcome: 'REFUSED' });
      expect(await start(USES)).toMatchObject({ sessionId: SESSION_ID });
    },
  );

  it.each(['CLOSED', undefined, sdkError('ResourceNotFoundException', 'Session does not exist.', 400)])(
    'that is gone is refused for good: status %s',
    async (status) => {
      dependencies.dataApi.status = status;
      unavailable();

      await expect(start(USES)).rejects.toMatchObject({ name: 'SessionGone', retryable: false });
      expect(dependencies.table.only).toMatchObject({ status: 'closed', outcome: 'REFUSED' });
    },
  );

  it.each([`Session with Id: ${SESSION_ID} is invalid.`, `Session ${SESSION_ID} does not exist or has been closed.`])(
    'that never was is refused for good, and not asked after: %s',
    async (message) => {
      failWith('ValidationException', message);

      await expect(start(USES)).rejects.toMatchObject({ name: 'SessionGone' });
      expect(dependencies.dataApi.followed).toEqual([]);
    },
  );

  it('keeps its claim where an earlier call may have started it', async () => {
    unavailable(2);

    await expect(start(USES)).rejects.toMatchObject({ name: 'SessionBusy' });
    expect(dependencies.table.only).toMatchObject({ status: 'starting' });
  });

  it.each([
    ['ValidationException', "Redshift endpoint doesn't exist in this region."],
    ['AccessDeniedException', 'Session is not available'],
  ])('that is refused for something else has that name: %s', async (name, message) => {
    failWith(name, message);

    await expect(start(USES)).rejects.toMatchObject({ name, message });
    expect(dependencies.dataApi.followed).toEqual([]);
  });

  it('that nobody has named is not taken for one', async () => {
    unavailable();

    await expect(start(OPENS)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
