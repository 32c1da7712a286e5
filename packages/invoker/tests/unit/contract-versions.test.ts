import { readdirSync, readFileSync } from 'node:fs';
import { decodeTrackingItem, names, parseTaskRequest, type TrackingItem } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { invoke } from '../../src/invoke.ts';
import { startStatement } from '../../src/start-statement.ts';
import { type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { itemWith, REQUEST, STATEMENT_ID, TARGET_HASH } from '../helpers/requests.ts';

/** Rows and requests of an older and a newer contract version: golden files, and what the next version may write. */
const FIXTURES = new URL('../../../shared/fixtures/', import.meta.url);
const HOUR = 3_600_000;

const fixture = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8')) as Record<string, unknown>;

/** The golden item, as if this build's request had written it; what is not the request's own stays as it is. */
const asOfRequest = (file: string): TrackingItem => {
  const golden = decodeTrackingItem(fixture(file));
  const { owner, invocationKey, statementName, workHash, startedAt, startDeadline, callback } = itemWith();
  const attempt = { ...golden.attempt, ...REQUEST.attempt } as NonNullable<TrackingItem['attempt']>;
  const targetHash = golden.targetHash === undefined ? {} : { targetHash: TARGET_HASH };
  return {
    ...golden,
    ...targetHash,
    owner,
    invocationKey,
    statementName,
    workHash,
    startedAt,
    startDeadline,
    callback,
    attempt,
  };
};

const filesOf = (status: string) =>
  ['v1', 'newer'].flatMap((version) =>
    readdirSync(new URL(`${version}/`, FIXTURES))
      .map((name) => `${version}/${name}`)
      .filter((file) => file.includes('/item-') && fixture(file)['status'] === status)
      .filter((file) => (fixture(file)['callback'] as { type: string }).type === 'stepFunctions'),
  );

let dependencies: TestDependencies;
beforeEach(() => {
  dependencies = testDependencies();
  dependencies.clock.time += HOUR;
});

const start = (request = REQUEST) =>
  startStatement(request, { requestId: 'r', deadline: dependencies.clock.time + 30_000 }, dependencies);

describe('a repeat of a request', () => {
  it.each(filesOf('submitted'))('whose item is %s is answered with its statement', async (file) => {
    const item = asOfRequest(file);
    dependencies.table.seed(item);

    expect(await start()).toMatchObject({ statementId: item.statementId });

    expect(dependencies.dataApi.starts).toEqual([]);
    expect(dependencies.table.only).toEqual(item);
  });

  it.each(filesOf('starting'))('whose claim is %s takes it over, and keeps all else that it holds', async (file) => {
    const item = asOfRequest(file);
    dependencies.table.seed(item);

    const { statementId } = await start();

    expect(dependencies.dataApi.starts).toMatchObject([{ statementName: item.statementName }]);
    const { startDeadline } = dependencies.table.only;
    expect(dependencies.table.only).toEqual({ ...item, status: 'submitted', statementId, startDeadline });
  });
});

describe('a retry', () => {
  const retry = {
    ...REQUEST,
    attempt: { state: 'Load', enteredTime: '2026-11-26T08:00:00Z', retryCount: 1, redriveCount: 0 },
    callback: { type: 'stepFunctions', taskToken: 'token-of-the-retry' },
  } as const;

  it.each(filesOf('submitted'))('adopts the statement of %s', async (file) => {
    const item = asOfRequest(file);
    dependencies.table.seed(item);
    if (item.callback.type === 'stepFunctions') dependencies.tasks.gone.add(item.callback.taskToken);

    expect(await start(retry)).toMatchObject({ statementId: item.statementId });

    expect(dependencies.dataApi.starts).toEqual([]);
    const adopted = dependencies.table.items.find(({ invocationKey }) => invocationKey === item.invocationKey);
    expect(adopted).toMatchObject({
      callback: retry.callback,
      generation: item.generation + 1,
      statementId: item.statementId,
    });
    const { contractVersion } = item;
    expect(adopted).toMatchObject({ contractVersion });
  });
});

describe('a reference to the latest statement', () => {
  it.each(filesOf('submitted'))('finds %s', async (file) => {
    const item = { ...asOfRequest(file), statementId: STATEMENT_ID };
    dependencies.table.seed(item);
    const request = { action: 'describeStatement', statementId: 'LATEST', executionArn: REQUEST.executionArn };

    await invoke(request, { requestId: 'r', deadline: dependencies.clock.time + 30_000 }, dependencies);

    expect(dependencies.dataApi.followed).toEqual([['describe', STATEMENT_ID]]);
  });
});

describe('a request of a newer version', () => {
  const send = (payload: unknown) =>
    invoke(payload, { requestId: 'r', deadline: dependencies.clock.time + 30_000 }, dependencies);

  it('starts its statement as one of ours would, and the log says what was ignored', async () => {
    const payload = fixture('newer/request-execute.json');

    await send(payload);

    expect(dependencies.dataApi.starts).toMatchObject([{ sql: 'select :one', parameters: { one: '1' } }]);
    expect(dependencies.table.only.contractVersion).toBe(names.CONTRACT_VERSION);
    expect(dependencies.telemetry.lines).toContainEqual({
      level: 'warn',
      message: 'fields of a newer sender ignored',
      fields: { fields: 'attempt.mapIndex, laterText, laterObject' },
    });
  });

  it('is the same request as one of ours: what it started is not started again', async () => {
    await send(fixture('newer/request-execute.json'));
    await send(fixture('v1/request-execute.json'));

    expect(dependencies.dataApi.starts).toHaveLength(1);
    expect(parseTaskRequest(fixture('newer/request-execute.json')).request).toEqual(
      parseTaskRequest(fixture('v1/request-execute.json')).request,
    );
  });
});
