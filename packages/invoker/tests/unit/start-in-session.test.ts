import { type ExecuteRequest, workHashOf } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SessionDescription } from '../../src/data-api.ts';
import { startStatement } from '../../src/start-statement.ts';
import { type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { REQUEST } from '../helpers/requests.ts';

const SESSION_ID = '0a1b2c3d-0c1d-4e5f-8a9b-0c1d2e3f4a5b';
const OPENS: ExecuteRequest = { ...REQUEST, session: { keepAliveSeconds: 60 } };
const USES: ExecuteRequest = { ...REQUEST, session: { id: SESSION_ID } };

type Config = TestDependencies['config'];

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
});

const start = (request: ExecuteRequest, timeout = 30_000) =>
  startStatement(request, { requestId: 'r-1', deadline: dependencies.clock.time + timeout }, dependencies);

const failWith = (name: string, message: string, status = 400, attempts = 1) =>
  dependencies.dataApi.failures.push({ error: sdkError(name, message, status, attempts) });

/** What ListSessions answers: a session of that status, none, or an error. */
const answering = (status: string | Error | undefined) => (typeof status === 'string' ? { Status: status } : status);

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
      dependencies.dataApi.described = answering(status);
      unavailable();

      await expect(start(USES)).rejects.toMatchObject({
        name: 'SessionBusy',
        retryable: true,
        message: `the session ${SESSION_ID} runs another statement; when that has ended, the same request can start this one`,
      });

      expect(dependencies.dataApi.followed).toEqual([['session', SESSION_ID]]);
      expect(dependencies.table.only).toMatchObject({ status: 'closed', outcome: 'REFUSED' });
      expect(await start(USES)).toMatchObject({ sessionId: SESSION_ID });
    },
  );

  it.each(['CLOSED', undefined, sdkError('ResourceNotFoundException', 'Session does not exist.', 400)])(
    'that is gone is refused for good: status %s',
    async (status) => {
      dependencies.dataApi.described = answering(status);
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

describe('a start in a session, where other targets may have the same owner role', () => {
  const SERVERLESS: Config['target'] = { workgroupName: 'wg1', database: 'dev' };
  const ARN = 'arn:aws:redshift-serverless:us-east-1:123456789012:workgroup/0a1b';

  const share = (target: Config['target'], described: SessionDescription | Error | undefined) => {
    dependencies.dataApi.described = described;
    dependencies = { ...dependencies, config: { ...dependencies.config, target, assumesOwnerRole: true } };
  };
  const startOn = (...[target, described]: Parameters<typeof share>) => {
    share(target, described);
    return start(USES);
  };

  const CLUSTER: Config['target'] = { clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl' };
  const LOGIN: Config['target'] = { clusterIdentifier: 'c1', database: 'dev', secretArn: 'arn:secret' };

  it.each<[string, Config['target'], SessionDescription]>([
    ['another cluster', CLUSTER, { ClusterIdentifier: 'c2', Database: 'dev', DbUser: 'etl' }],
    ['another database', CLUSTER, { ClusterIdentifier: 'c1', Database: 'prod' }],
    ['another user', CLUSTER, { ClusterIdentifier: 'c1', Database: 'dev', DbUser: 'admin' }],
    ['the user of a role', CLUSTER, { DbUser: 'IAMR:etl' }],
    ['a workgroup', CLUSTER, { WorkgroupName: 'c1', Database: 'dev' }],
    ['a cluster', SERVERLESS, { ClusterIdentifier: 'wg1', Database: 'dev' }],
    ['another workgroup', SERVERLESS, { WorkgroupName: 'wg2', Database: 'dev' }],
    ['another workgroup by its ARN', { ...SERVERLESS, workgroupName: ARN }, { WorkgroupName: `${ARN}9` }],
  ])('refuses one of %s for good, and executes nothing', async (_what, target, described) => {
    await expect(startOn(target, described)).rejects.toMatchObject({
      name: 'InvalidRequest',
      field: 'session.id',
      retryable: false,
    });

    expect(dependencies.dataApi.starts).toEqual([]);
    expect(dependencies.table.only).toMatchObject({ status: 'closed', outcome: 'REFUSED' });
  });

  it('names both places', async () => {
    const described = { Status: 'AVAILABLE', WorkgroupName: 'wg1', Database: 'dev', DbUser: 'IAMR:owner' };

    await expect(startOn(CLUSTER, described)).rejects.toThrow(
      'session.id: must be of a session that this target has opened (cluster c1, database dev, database user etl): it runs where it was opened; received one of workgroup wg1, database dev, database user IAMR:owner',
    );
  });

  it.each<[string, Config['target'], SessionDescription | Error | undefined]>([
    ['the same place', CLUSTER, { ClusterIdentifier: 'C1', Database: 'Dev', DbUser: 'IAM:ETL' }],
    ['a user who was made for it', CLUSTER, { ClusterIdentifier: 'c1', Database: 'dev', DbUser: 'IAMA:etl' }],
    ['the same workgroup', SERVERLESS, { WorkgroupName: 'wg1', Database: 'dev', DbUser: 'IAMR:owner' }],
    ['a workgroup by its ARN', SERVERLESS, { WorkgroupName: ARN, Database: 'dev' }],
    ['a workgroup whose ARN is the target', { ...SERVERLESS, workgroupName: ARN }, { WorkgroupName: 'wg1' }],
    ['the user of a secret', LOGIN, { ClusterIdentifier: 'c1', Database: 'dev', DbUser: 'etl' }],
    ['a place that is not told', CLUSTER, { Status: 'AVAILABLE' }],
    ['nobody', CLUSTER, undefined],
    ['a throttle', CLUSTER, sdkError('ThrottlingException', 'Rate exceeded', 400)],
    ['a role that may not ask', CLUSTER, sdkError('AccessDeniedException', 'no', 403)],
  ])('starts in one of %s', async (_what, target, described) => {
    expect(await startOn(target, described)).toMatchObject({ sessionId: SESSION_ID });
    expect(dependencies.dataApi.followed).toEqual([['session', SESSION_ID]]);
  });

  it('asks nothing where the role is its own', async () => {
    dependencies.dataApi.described = { ClusterIdentifier: 'c2' };

    await start(USES);

    expect(dependencies.dataApi.followed).toEqual([]);
  });

  it.each([OPENS, REQUEST])('asks nothing of a request that names no session', async (request) => {
    share(CLUSTER, { ClusterIdentifier: 'c2' });

    await start(request);

    expect(dependencies.dataApi.followed).toEqual([]);
  });

  it('keeps its claim where an earlier call may have started it', async () => {
    failWith('ThrottlingException', 'Rate exceeded');
    await expect(startOn(CLUSTER, sdkError('ThrottlingException', 'Rate exceeded', 400))).rejects.toThrow();

    await expect(startOn(CLUSTER, { ClusterIdentifier: 'c2' })).rejects.toMatchObject({ name: 'InvalidRequest' });

    expect(dependencies.table.only).toMatchObject({ status: 'starting' });
  });

  it('asks only who executes: a repeat is given what was started', async () => {
    const first = await startOn(CLUSTER, { ClusterIdentifier: 'c1' });
    dependencies.dataApi.described = { ClusterIdentifier: 'c2' };

    expect(await start(USES)).toEqual(first);
    expect(dependencies.dataApi.followed).toHaveLength(1);
  });
});
