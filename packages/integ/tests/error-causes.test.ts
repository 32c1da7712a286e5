import { JsonPath, Map as MapState, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { RedshiftErrors } from 'sfn-redshift-tasker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTEMPT } from '../scenarios/sql-state.ts';
import { callbackTask } from '../scenarios/sql-task.ts';
import { run } from './helpers/execution.ts';
import { type Machines, startTestStage, type TestStage } from './helpers/test-stage.ts';

/** A failure: the statement, the name that it fails under, and what the cause says. With a script: it is not PostgreSQL's. */
interface Failure {
  readonly sql: string;
  readonly error: string;
  readonly says: RegExp;
  readonly script?: Omit<Parameters<TestStage['stage']['redshift']['script']>[0], 'sql'>;
}

const real = (error: string, sql: string, says: RegExp): Failure => ({ sql, error, says });
const scripted = (error: string, sql: string, says: RegExp, script: Failure['script'] = {}): Failure => ({
  sql,
  error,
  says,
  script,
});

const PREPARATION = 'create table causes (id int not null, name varchar(3), amount numeric(3,0))';

/** Of the statements of the map; a small machine has many tests to run. */
const AT_ONCE = 8;

const E = RedshiftErrors;

const FAILURES: readonly Failure[] = [
  real(E.SQL_SYNTAX_ERROR, 'selekt 1', /syntax error at or near.*Position: 1"/),
  real(E.SQL_SYNTAX_ERROR, 'select (1', /syntax error at end of input/),
  real(E.UNDEFINED_OBJECT, 'select 1 from nowhere', /relation \\"nowhere\\" does not exist/),
  real(E.UNDEFINED_OBJECT, 'select nothing from causes', /column \\"nothing\\" does not exist/),
  real(E.UNDEFINED_OBJECT, 'select c.nothing from causes c', /column c.nothing does not exist/),
  real(E.UNDEFINED_OBJECT, 'select nothing(1)', /function nothing\(integer\) does not exist/),
  real(E.UNDEFINED_OBJECT, 'create table nowhere.causes (id int)', /schema \\"nowhere\\" does not exist/),
  real(E.UNDEFINED_OBJECT, 'select 1::nothing', /type \\"nothing\\" does not exist/),
  real(E.UNDEFINED_OBJECT, 'drop view nowhere', /view \\"nowhere\\" does not exist/),
  real(E.UNDEFINED_OBJECT, 'drop table nowhere', /table \\"nowhere\\" does not exist/),
  real(E.UNDEFINED_OBJECT, 'call nothing()', /procedure nothing\(\) does not exist/),
  real(E.UNDEFINED_OBJECT, 'select x.id from causes', /missing FROM-clause entry for table/),
  real(E.PERMISSION_DENIED, 'select 1 from pg_authid', /permission denied for table pg_authid/),
  real(E.PERMISSION_DENIED, 'drop table pg_class', /must be owner of table pg_class/),
  real(E.DUPLICATE_OBJECT, 'create table causes (id int)', /relation \\"causes\\" already exists/),
  real(
    E.DUPLICATE_OBJECT,
    'alter table causes add column name int',
    /column \\"name\\" of relation \\"causes\\" already/,
  ),
  real(E.DATA_ERROR, 'select 1 / 0', /division by zero/),
  real(E.DATA_ERROR, "select 'abc'::int", /invalid input syntax for type integer/),
  real(E.DATA_ERROR, "select 'syntax error at or near'::int", /invalid input syntax for type integer/),
  real(E.DATA_ERROR, "select '2026-13-01'::date", /date\/time field value out of range/),
  real(E.DATA_ERROR, 'select 2147483647 + 1', /integer out of range/),
  real(E.DATA_ERROR, 'insert into causes values (1, null, 12345)', /numeric field overflow/),
  real(E.DATA_ERROR, "insert into causes values (1, 'long', 1)", /value too long for type character varying\(3\)/),
  real(E.DATA_ERROR, 'insert into causes values (null, null, null)', /violates not-null constraint/),
  real(E.DATA_ERROR, 'select (select attname from pg_attribute)', /more than one row returned by a subquery/),
  real(E.PERMISSION_DENIED, 'select pg_cancel_backend(pg_backend_pid())', /permission denied to cancel query/),
  real(E.FAILED, 'select id, count(*) from causes', /must appear in the GROUP BY clause/),
  scripted(E.SERIALIZATION_CONFLICT, 'merge one', /Serializable isolation violation/, {
    like: 'serializationConflict',
  }),
  scripted(E.LOCK_CONFLICT, 'lock one', /deadlock detected/, { error: 'ERROR: deadlock detected' }),
  scripted(E.DUPLICATE_KEY, 'insert one', /unique constraint/, {
    error: 'ERROR: duplicate key violates unique constraint "pg_class_relname_nsp_index"',
  }),
  scripted(E.DISK_FULL, 'fill one', /Disk Full/, { like: 'diskFull' }),
  scripted(E.QUERY_CANCELLED, 'wait one', /cancelled on user's request/, { like: 'wlmTimeout' }),
  scripted(E.WLM_ABORT, 'rule one', /WLM abort action/, {
    error: 'ERROR: Query (500029) cancelled by WLM abort action of Query Monitoring Rule "long".',
  }),
  scripted(E.WLM_ABORT, 'rule other', /abort query/, { like: 'systemAbort', state: 'ABORTED' }),
  scripted(E.ABORTED, 'stop one', /cancelled on user's request/, { like: 'wlmTimeout', state: 'ABORTED' }),
  scripted(E.CONNECTION_FAILED, 'connect one', /refused/, {
    error: 'ERROR: Connection refused. Check that the hostname and port are correct.',
  }),
  scripted(E.CONNECTION_LOST, 'lose one', /terminating connection/, {
    error: 'FATAL: terminating connection due to administrator command',
  }),
  scripted(E.WAREHOUSE_PAUSED, 'paused one', /is paused/, { like: 'pausedWarehouse' }),
  scripted(E.THROTTLED, 'many ones', /too many connections/, {
    error: 'ERROR: too many connections for database "dev"',
  }),
  scripted(E.SESSION_GONE, 'session none', /is invalid/, {
    error: 'Session with Id: 12345678-0000-0000-0000-000000000000 is invalid.',
  }),
  scripted(E.SESSION_NOT_AVAILABLE, 'session one', /Session is not available/, { error: 'Session is not available' }),
];

const machines: Machines = {
  Each: (scope, tasker) => {
    const caught = new Pass(scope, 'Caught');
    const task = callbackTask(scope, 'RunEach', tasker, { payload: { attempt: ATTEMPT, errors: 'cause' } });
    // Each name by itself, as a state machine would list it.
    for (const error of [...E.ALL_CAUSES, E.FAILED, E.ABORTED])
      task.addCatch(caught, { errors: [error], resultPath: '$.caught' });
    return new MapState(scope, 'ForEach', {
      itemsPath: JsonPath.stringAt('$.items'),
      maxConcurrency: AT_ONCE,
    }).itemProcessor(task);
  },
};

interface Told {
  readonly caught?: { readonly Error: string; readonly Cause: string };
}

describe('errors named by their causes', () => {
  let test: TestStage;
  let told: readonly Told[] = [];

  const runEach = async (sqls: readonly string[]): Promise<readonly Told[]> => {
    const { output } = await run(test.sfn, test.outputs.EachArn, { items: sqls.map((sql) => ({ sql })) });
    return JSON.parse(output ?? '[]') as Told[];
  };

  beforeAll(async () => {
    test = await startTestStage(machines);
    for (const { sql, script } of FAILURES) if (script) test.stage.redshift.script({ sql, ...script });
    expect((await runEach([PREPARATION]))[0]?.caught).toBeUndefined();
    told = await runEach(FAILURES.map(({ sql }) => sql));
  });

  afterAll(() => test?.close());

  it.each(FAILURES.map((failure, index) => ({ ...failure, how: failure.script ? 'scripted' : 'real', index })))(
    '$error, $how: $sql',
    ({ error, says, index }) => {
      const { caught } = told[index] ?? {};
      expect(caught?.Error, caught?.Cause).toBe(error);
      expect(caught?.Cause).toMatch(says);
    },
  );

  it('are at least 25 that are real, of all causes', () => {
    expect(FAILURES.filter(({ script, error }) => !script && error !== E.FAILED).length).toBeGreaterThanOrEqual(25);
    expect(E.ALL_CAUSES.filter((cause) => !FAILURES.some(({ error }) => error === cause))).toEqual([]);
  });
});
