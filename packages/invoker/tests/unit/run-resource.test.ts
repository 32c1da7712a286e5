import { lockKeyOf, lockOf } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { START, type TestDependencies, testDependencies } from '../helpers/dependencies.ts';
import { sdkError } from '../helpers/fake-data-api.ts';
import { dyingAt } from '../helpers/killed-invocation.ts';
import { close, create, INVENTED, OWNER, PROPERTIES, pass, remove, send, update, urlAt } from '../helpers/resources.ts';

let dependencies: TestDependencies;

beforeEach(() => {
  dependencies = testDependencies();
});

const sql = () => dependencies.dataApi.starts.map((start) => 'sql' in start && start.sql);
const told = () =>
  dependencies.completions.sent.map(({ type, error, callback }) => {
    const { requestType } = callback as { requestType: string };
    return [type, requestType, ...(error === undefined ? [] : [error])].join(' ');
  });
const itemOf = (requestType: string) =>
  dependencies.table.items.find(
    ({ callback }) => callback.type === 'cloudFormation' && callback.requestType === requestType,
  );

describe('a Create', () => {
  it('starts its SQL once, and keeps whom to tell', async () => {
    await send(create(), dependencies);
    await send(create(), dependencies);

    expect(sql()).toEqual(['create table t (id int)']);
    expect(told()).toEqual([]);
    expect(dependencies.table.only).toMatchObject({
      owner: OWNER,
      status: 'submitted',
      callback: {
        type: 'cloudFormation',
        responseUrl: urlAt(0),
        requestId: 'Create-0',
        physicalResourceId: expect.stringMatching(/^sfn-redshift:Schema:[0-9a-f]{16}$/),
        failedResourceId: 'sfn-redshift:Schema:not-created',
      },
    });
  });

  it('that cannot be answered is thrown', async () => {
    await expect(send(create({ ResponseURL: 'https://evil.example' }), dependencies)).rejects.toThrow('ResponseURL');
    expect(told()).toEqual([]);
  });

  it('with nothing to run is answered at once', async () => {
    const properties = { ...PROPERTIES, sqlStatement: undefined };
    await send(create({ ResourceProperties: properties }), dependencies);
    await send(create({ ResourceProperties: properties }), dependencies);

    expect(sql()).toEqual([]);
    expect(told()).toEqual(['unneeded Create', 'unneeded Create']);
    expect(dependencies.table.only).toMatchObject({ status: 'closed', outcome: 'FINISHED' });
  });
});

describe('what is refused is told by the drain, and not thrown:', () => {
  it('properties', async () => {
    await send(create({ ResourceProperties: { ...PROPERTIES, sql: 'x' } }), dependencies);

    expect(told()).toEqual(['refused Create InvalidRequest']);
    expect(dependencies.completions.sent[0]).toMatchObject({
      cause: 'ResourceProperties.sql: is not a property of this resource; received "x"',
      callback: { responseUrl: urlAt(0), physicalResourceId: 'sfn-redshift:Schema:not-created' },
    });
  });

  it('what the sweep could not keep', async () => {
    await send(create({ ResourceProperties: { ...PROPERTIES, maxRuntimeSeconds: '60' } }), dependencies);

    expect(told()).toEqual(['refused Create InvalidRequest']);
  });

  it('a start; a repeat does not try again', async () => {
    dependencies.dataApi.failures.push({ error: sdkError('ValidationException', 'no such database', 400) });
    await send(create(), dependencies);
    pass(60, dependencies);
    await send(create(), dependencies);

    expect(told()).toEqual(['refused Create ValidationException', 'refused Create RefusedBefore']);
    expect(dependencies.dataApi.running).toEqual([]);
  });

  it('a lock that another statement holds', async () => {
    const ResourceProperties = { ...PROPERTIES, lock: { name: 'ddl' } };
    const lock = lockOf(
      {
        action: 'executeStatement',
        sqlStatement: '',
        parameters: {},
        callback: { type: 'none' },
        lock: { name: 'ddl', mode: 'fail' },
      },
      { targetId: '', database: '', dbUser: '' },
    );
    const { owner: holderOwner } = lockKeyOf(lock ?? '');
    dependencies.locks.seed(lock ?? '', {
      holderOwner,
      holderKey: 'k',
      holderGeneration: 1,
      statementName: 'other',
      heldUntil: START + 1_000_000,
    });
    await send(create({ ResourceProperties }), dependencies);

    expect(told()).toEqual(['refused Create ConcurrentExecution']);
    expect(dependencies.table.items).toEqual([]);
  });

  it('and where that fails, it is thrown', async () => {
    dependencies.completions.failure = sdkError('InternalError', 'no', 500);

    await expect(send(create({ ResourceProperties: {} }), dependencies)).rejects.toThrow('no');
  });
});

describe('what may succeed later is thrown, so that Lambda repeats it:', () => {
  it.each([sdkError('ThrottlingException', 'Rate exceeded', 400), sdkError('InternalServerException', 'oops', 500)])(
    '$name',
    async (error) => {
      dependencies.dataApi.failures.push({ error, accepted: error.name === 'InternalServerException' });
      await expect(send(create(), dependencies)).rejects.toThrow(error.message);
      pass(60, dependencies);
      await send(create(), dependencies);

      expect(dependencies.dataApi.running).toHaveLength(1);
      expect(told()).toEqual([]);
    },
  );
});

it('a start of which it is not known whether it came about elsewhere is thrown: the sweep looks for it', async () => {
  dependencies.dataApi.failures.push({ error: sdkError('InternalServerException', 'oops', 500) });
  await expect(send(create(), dependencies)).rejects.toThrow('oops');
  dependencies.table.change({ targetHash: 'another' });
  pass(60, dependencies);

  await expect(send(create(), dependencies)).rejects.toThrow('on another cluster');
  expect(told()).toEqual([]);
});

describe('a Delete', () => {
  it('of what was created runs its SQL', async () => {
    await send(create(), dependencies);
    close('Create', 'FINISHED', dependencies);
    const id = (itemOf('Create')?.callback as { physicalResourceId: string }).physicalResourceId;
    await send(remove({ PhysicalResourceId: id }), dependencies);

    expect(sql()).toEqual(['create table t (id int)', 'drop table t']);
  });

  it('of what was never created succeeds at once', async () => {
    await send(remove(), dependencies);

    expect(sql()).toEqual([]);
    expect(told()).toEqual(['unneeded Delete']);
  });

  it.each([
    ['ABORTED', ['create table t (id int)'], ['unneeded Delete']],
    ['FAILED', ['create table t (id int)'], ['unneeded Delete']],
    ['FINISHED', ['create table t (id int)', 'drop table t'], []],
    [undefined, ['create table t (id int)', 'drop table t'], []],
  ] as const)(
    'cancels the Create that it overtakes, and comes after its end as %s',
    async (end, statements, answers) => {
      await send(create(), dependencies);
      dependencies.dataApi.endings.push(
        { Status: 'STARTED' },
        end === undefined ? sdkError('ResourceNotFoundException', 'gone', 400) : { Status: end },
      );
      dependencies.dataApi.whenAccepted = () => expect(dependencies.dataApi.followed.length).toBe(3);
      await send(remove(), dependencies);

      expect(dependencies.dataApi.followed.map(([call]) => call)).toEqual(['cancel', 'awaitEnd', 'awaitEnd']);
      expect(itemOf('Create')?.status).toBe('cancelling');
      expect(sql()).toEqual(statements);
      expect(told()).toEqual(answers);
    },
  );

  it('goes by the rows where that end has been told', async () => {
    await send(create(), dependencies);
    close('Create', 'ABORTED', dependencies);
    await send(remove(), dependencies);

    expect(told()).toEqual(['unneeded Delete']);
  });

  it('waits for an end in bounds, then leaves it to a repeat', async () => {
    await send(create(), dependencies);
    dependencies.dataApi.awaitEnd = () => {
      pass(5, dependencies);
      return Promise.resolve({ Status: 'STARTED' });
    };
    await expect(send(remove(), dependencies)).rejects.toThrow(/is being cancelled and has not ended yet/);

    expect(dependencies.clock.time - START).toBe(15_000);
    expect(sql()).toEqual(['create table t (id int)']);
  });

  it('takes the end from the row that was closed meanwhile', async () => {
    await send(create(), dependencies);
    dependencies.dataApi.awaitEnd = () => {
      close('Create', 'ABORTED', dependencies);
      pass(30, dependencies);
      return Promise.resolve({ Status: 'STARTED' });
    };
    await send(remove(), dependencies);

    expect(told()).toEqual(['unneeded Delete']);
  });

  describe('of a Create that nobody knows to have been started', () => {
    beforeEach(async () => {
      dependencies.dataApi.failures.push({ error: sdkError('InternalServerException', 'oops', 500) });
      await expect(send(create(), dependencies)).rejects.toThrow('oops');
    });

    it('waits until it will be no more', async () => {
      await expect(send(remove(), dependencies)).rejects.toThrow('is being started');
      expect(dependencies.starts.asked).toEqual([]);
    });

    it('cancels the statement that was started', async () => {
      pass(60, dependencies);
      dependencies.starts.ids.set(itemOf('Create')?.statementName ?? '', 'found');
      await send(remove(), dependencies);

      expect(dependencies.dataApi.followed[0]).toEqual(['cancel', 'found']);
      expect(itemOf('Create')).toMatchObject({ status: 'cancelling', statementId: 'found' });
      expect(told()).toEqual(['unneeded Delete']);
    });

    it('closes it where there is none: it starts nothing any more', async () => {
      pass(60, dependencies);
      await send(remove(), dependencies);
      await send(create(), dependencies);

      expect(itemOf('Create')).toMatchObject({ status: 'closed', outcome: 'REFUSED' });
      expect(dependencies.dataApi.running).toEqual([]);
      expect(told()).toEqual(['unneeded Delete', 'refused Create RefusedBefore']);
    });
  });

  it('has the last word: a Create that comes after it starts nothing', async () => {
    await send(remove(), dependencies);
    await send(create(), dependencies);

    expect(sql()).toEqual([]);
    expect(told()).toEqual(['unneeded Delete', 'refused Create Overtaken']);
  });

  it('is seen by a Create that has claimed its item at the same time', async () => {
    const claim = dependencies.table.claim.bind(dependencies.table);
    let isFirst = true;
    dependencies.table.claim = async (item) => {
      const first = isFirst;
      isFirst = false;
      if (first) await send(remove(), dependencies);
      return await claim(item);
    };
    await send(create(), dependencies);

    expect(sql()).toEqual([]);
    expect(itemOf('Create')).toMatchObject({ status: 'closed', outcome: 'REFUSED' });
    expect(told()).toEqual(['unneeded Delete', 'refused Create Overtaken']);
  });
});

describe('an Update', () => {
  const OTHER = { ...PROPERTIES, sqlStatement: 'create table other (id int)' };
  const idOf = (requestType: string) =>
    (itemOf(requestType)?.callback as { physicalResourceId: string }).physicalResourceId;

  it('that is taken back after a replacement runs nothing: what it goes back to is there still', async () => {
    await send(create(), dependencies);
    close('Create', 'FINISHED', dependencies);
    const [before, ResourceProperties] = [idOf('Create'), OTHER];
    pass(1, dependencies);
    await send(update({ PhysicalResourceId: before, ResourceProperties }), dependencies);
    close('Update', 'FINISHED', dependencies);
    const after = idOf('Update');
    pass(1, dependencies);
    const back = { RequestId: 'back', ResponseURL: urlAt(90), PhysicalResourceId: after, OldResourceProperties: OTHER };
    await send(update(back), dependencies);

    expect(sql()).toEqual([PROPERTIES.sqlStatement, OTHER.sqlStatement]);
    expect(dependencies.completions.sent).toMatchObject([
      { type: 'unneeded', callback: { physicalResourceId: before } },
    ]);

    pass(1, dependencies);
    await send(remove({ PhysicalResourceId: before }), dependencies);
    close('Delete', 'FINISHED', dependencies);
    pass(1, dependencies);
    await send(update({ ...back, RequestId: 'again', ResponseURL: urlAt(150) }), dependencies);

    expect(sql().slice(2)).toEqual(['drop table t', PROPERTIES.sqlStatement]);
  });
});

describe('wherever an invocation dies, a repeat goes on:', () => {
  /** Lambda repeats it twice. */
  const untilDone = async (payload: unknown, nth: number, when: 'before' | 'after'): Promise<boolean> => {
    const dying = dyingAt(nth, when, dependencies);
    await send(payload, dying.dependencies).catch(() => undefined);
    const died = dying.calls() >= nth;
    for (const seconds of [60, 120]) {
      pass(seconds, dependencies);
      const isDone = await send(payload, dependencies).then(
        () => true,
        () => false,
      );
      if (isDone) return died;
    }
    throw new Error('not done after two repeats');
  };
  const everyDeath = async (payload: unknown, setUp: () => Promise<unknown>, check: (at: string) => void) => {
    for (const when of ['before', 'after'] as const) {
      for (let nth = 1; ; nth++) {
        dependencies = testDependencies();
        await setUp();
        const died = await untilDone(payload, nth, when);
        check(`${when} call ${nth}`);
        if (!died) break;
      }
    }
  };

  it('a Create starts one statement', async () => {
    await everyDeath(
      create(),
      () => Promise.resolve(),
      (at) => {
        expect(dependencies.dataApi.running, at).toHaveLength(1);
        expect(told(), at).toEqual([]);
        expect(itemOf('Create'), at).toMatchObject({ status: 'submitted' });
      },
    );
  });

  it('a Delete that overtakes a Create cancels that and is answered', async () => {
    await everyDeath(
      remove(),
      () => send(create(), dependencies),
      (at) => {
        expect(dependencies.dataApi.running, at).toHaveLength(1);
        expect(new Set(told()), at).toEqual(new Set(['unneeded Delete']));
        expect(itemOf('Delete'), at).toMatchObject({ status: 'closed', outcome: 'FINISHED' });
        expect(itemOf('Create'), at).toMatchObject({ status: 'cancelling' });
      },
    );
  });

  it('a refusal is told; where a start before it may have succeeded, it is tried again', async () => {
    const refusing = () => {
      dependencies.dataApi.failures.push({ error: sdkError('ValidationException', 'no', 400) });
      return Promise.resolve();
    };
    await everyDeath(create(), refusing, (at) => {
      const isStarted = itemOf('Create')?.status === 'submitted';
      expect(dependencies.dataApi.running.length, at).toBe(isStarted ? 1 : 0);
      expect(
        told().some((text) => text.startsWith('refused Create')),
        at,
      ).toBe(!isStarted);
    });
  });
});

it('nothing of a request is logged', async () => {
  await send(create(), dependencies);
  await send(remove({ ResourceProperties: { sql: 'canarySql' } }), dependencies);

  const log = JSON.stringify(dependencies.telemetry.lines);
  for (const secret of ['canarySignature', 'canarySql', 'create table', INVENTED]) expect(log).not.toContain(secret);
});
