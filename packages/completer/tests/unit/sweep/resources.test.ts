import { beforeEach, describe, expect, it } from 'vitest';
import { ITEM, KEY, STATEMENT_ID } from '../../helpers/fixtures.ts';
import { CLAIM_OF_RESOURCE, RESOURCE } from '../../helpers/resource-items.ts';
import { TestSweep } from '../../helpers/sweep.ts';

const MINUTE_MS = 60_000;

let sweep: TestSweep;

beforeEach(() => {
  sweep = new TestSweep();
});

describe('a statement of a resource that has ended unheard', () => {
  it('is told to CloudFormation', async () => {
    sweep.table.seed({ ...ITEM, callback: RESOURCE });
    await sweep.run();

    expect(sweep.responses.map(({ body }) => body)).toMatchObject([
      { Status: 'SUCCESS', PhysicalResourceId: RESOURCE.physicalResourceId, Data: { statementId: STATEMENT_ID } },
    ]);
    expect(sweep.table.stored(KEY)).toMatchObject({ status: 'closed', delivered: true });
  });
});

describe('a claim whose invocations Lambda has given up', () => {
  const givenUp = { ...CLAIM_OF_RESOURCE, givenUp: 'ThrottlingException: Rate exceeded' };
  const key = { owner: givenUp.owner, invocationKey: givenUp.invocationKey };

  beforeEach(() => {
    sweep.table.seed(givenUp);
  });

  it('is left alone while a statement of it may still come to be listed', async () => {
    sweep.time = givenUp.startDeadline + MINUTE_MS - 1;
    await sweep.run();

    expect(sweep.responses).toEqual([]);
    expect(sweep.table.stored(key)).toMatchObject({ status: 'starting' });
  });

  it('is answered FAILED after that where there is no statement, in every age', async () => {
    sweep.time = givenUp.startDeadline + MINUTE_MS;
    await sweep.run();

    expect(sweep.responses.map(({ body }) => body)).toMatchObject([
      {
        Status: 'FAILED',
        Reason: expect.stringMatching(/^StartUncertain: .*The last try: ThrottlingException: Rate exceeded$/),
        PhysicalResourceId: RESOURCE.failedResourceId,
      },
    ]);
    expect(sweep.table.stored(key)).toMatchObject({ status: 'closed', outcome: 'UNKNOWN', delivered: true });
  });

  it('is answered with the end of the statement where there is one', async () => {
    sweep.time = givenUp.startDeadline + MINUTE_MS;
    sweep.list = (statementName) => Promise.resolve([{ statementId: STATEMENT_ID, statementName, createdAt: 0 }]);
    await sweep.run();

    expect(sweep.responses.map(({ body }) => body)).toMatchObject([{ Status: 'SUCCESS' }]);
  });

  it('is noted where its statement runs, and left to that', async () => {
    sweep.time = givenUp.startDeadline + MINUTE_MS;
    sweep.list = (statementName) => Promise.resolve([{ statementId: STATEMENT_ID, statementName, createdAt: 0 }]);
    sweep.describe = () => Promise.resolve({ state: 'STARTED' });
    await sweep.run();

    expect(sweep.responses).toEqual([]);
    expect(sweep.table.stored(key)).toMatchObject({ status: 'submitted', statementId: STATEMENT_ID });
  });
});
