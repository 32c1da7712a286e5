import { CancelStatementCommand, type ExecuteStatementCommandInput } from '@aws-sdk/client-redshift-data';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { prepareSlow, SLEEP, SLOW, startRedshift } from '../../helpers/redshift.ts';

let redshift: Awaited<ReturnType<typeof startRedshift>>;
let server: pg.Client;
beforeAll(async () => {
  redshift = await startRedshift();
  server = new pg.Client({ connectionString: redshift.url });
  await server.connect();
  await prepareSlow(redshift);
});
afterAll(async () => {
  await server.end();
  await redshift.close();
});

const running: string[] = [];
const startSlow = async (options: Partial<ExecuteStatementCommandInput> = {}): Promise<string> => {
  const id = await redshift.start(SLOW, options);
  running.push(id);
  return id;
};
const cancel = (Id: string) => redshift.client.send(new CancelStatementCommand({ Id }));

afterEach(async () => {
  for (const id of running.splice(0)) await cancel(id).catch(() => undefined);
});

/** As many as run at a time, idle: what comes next waits. */
const RUNNING_AT_ONCE = 50;
const fillSlots = async (): Promise<string[]> => {
  const ids = await Promise.all(Array.from({ length: RUNNING_AT_ONCE }, () => redshift.start(SLEEP)));
  running.push(...ids);
  await Promise.all(ids.map((id) => redshift.waitFor(id, 'STARTED')));
  return ids;
};

const backends = async (pid: number | undefined): Promise<number> => {
  const { rows } = await server.query('select from pg_stat_activity where pid = $1', [pid]);
  return rows.length;
};

describe('CancelStatement', () => {
  it('stops the back end of a running statement, which ends ABORTED with its event', async () => {
    // Prepare
    const id = await startSlow();
    const { RedshiftPid } = await redshift.waitFor(id, 'STARTED');
    const before = await backends(RedshiftPid);

    // Act
    const answer = await cancel(id);
    const event = await redshift.events.ended(id);

    // Assess
    expect(before).toBe(1);
    expect(answer.Status).toBe(true);
    expect(event.detail).toMatchObject({ state: 'ABORTED', rows: -1 });
    expect(await redshift.describe(id)).toMatchObject({ Status: 'ABORTED', HasResultSet: false, ResultRows: -1 });
    expect(redshift.events.of(id)).toHaveLength(1);
    await vi.waitFor(async () => expect(await backends(RedshiftPid)).toBe(0));
  });

  it('leaves other statements alone', async () => {
    // Prepare
    const [kept, cancelled] = [await startSlow(), await startSlow()];
    await redshift.waitFor(kept, 'STARTED');

    // Act
    await cancel(cancelled);
    await redshift.events.ended(cancelled);

    // Assess
    expect(await redshift.describe(kept)).toMatchObject({ Status: 'STARTED', Duration: -1 });
  });

  it("works at any moment of a statement's life", async () => {
    // Act: not waiting for STARTED, so that some are cancelled while they connect
    const ids = await Promise.all(Array.from({ length: 20 }, () => startSlow()));
    await Promise.all(ids.map(cancel));
    const events = await Promise.all(ids.map((id) => redshift.events.ended(id)));

    // Assess
    expect(events.map(({ detail }) => detail.state)).toEqual(ids.map(() => 'ABORTED'));
  });

  it('takes a waiting statement away before it runs', async () => {
    // Prepare
    await redshift.run('create table untouched (i int)');
    await fillSlots();
    const waiting = await redshift.start('insert into untouched values (1)');
    const submitted = await redshift.describe(waiting);

    // Act
    await cancel(waiting);
    const event = await redshift.events.ended(waiting);
    await cancel(running[0] as string);
    const { Records } = await redshift.query('select count(*) from untouched');

    // Assess
    expect(submitted).toMatchObject({ Status: 'SUBMITTED', RedshiftPid: 0 });
    expect(event.detail.state).toBe('ABORTED');
    expect(Records).toEqual([[{ longValue: 0 }]]);
  });

  it('cannot be caught by the SQL', async () => {
    // Prepare
    await redshift.run(`create procedure stubborn() as $$ begin loop begin perform postgres_pg_sleep(600); exception
      when query_canceled then null; end; end loop; end $$ language plpgsql`);
    const id = await redshift.start('call stubborn()');
    await redshift.waitFor(id, 'STARTED');

    // Act
    await cancel(id);

    // Assess
    expect((await redshift.events.ended(id)).detail.state).toBe('ABORTED');
  });

  it.each([
    ['FINISHED', 'select 1'],
    ['FAILED', 'select * from missing'],
  ])('refuses a %s statement', async (state, sql) => {
    const { Id } = await redshift.run(sql);
    await expect(cancel(Id as string)).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Could not cancel a query that is already in ${state} state with ID: ${Id}`,
    });
  });

  it('does not know an unknown statement, nor take a malformed id', async () => {
    await expect(cancel('00000000-0000-0000-0000-000000000000')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Query does not exist.',
    });
    await expect(cancel('nonsense')).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/^id must satisfy regex pattern:/) as string,
    });
  });
});

describe('Statements', () => {
  it('run side by side, each with its own result and one event', async () => {
    // Act
    const ids = await Promise.all(Array.from({ length: 100 }, (_, i) => redshift.start(`select ${i}::int`)));
    const events = await Promise.all(ids.map((id) => redshift.events.ended(id)));
    const again = await redshift.query('select 100');

    // Assess
    expect(events.map(({ detail }) => detail.state)).toEqual(ids.map(() => 'FINISHED'));
    expect(ids.map((id) => redshift.events.of(id).length)).toEqual(ids.map(() => 1));
    expect(again.Records).toEqual([[{ longValue: 100 }]]);
  });

  it('wait in order for one of 50 places', async () => {
    // Prepare
    const [first] = await fillSlots();
    const waiting = [await redshift.start('select 1'), await redshift.start('select 2')];

    // Act
    await cancel(first as string);
    await Promise.all(waiting.map((id) => redshift.events.ended(id)));

    // Assess
    const order = redshift.events.events
      .map(({ detail }) => detail.statementId)
      .filter((id) => waiting.includes(id as string));
    expect(order).toEqual(waiting);
  });

  it('last as long as the stage clock says', async () => {
    // Prepare
    const id = await startSlow();
    await redshift.waitFor(id, 'STARTED');

    // Act
    redshift.stage.clock.advance(3600 * 1000);
    await cancel(id);
    await redshift.events.ended(id);

    // Assess
    expect((await redshift.describe(id)).Duration).toBeGreaterThanOrEqual(3600e9);
  });
});
