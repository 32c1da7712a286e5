import type { StatementReport } from '@sfn-redshift/local';
import { CfnOutput } from 'aws-cdk-lib';
import { AccountRootPrincipal, type IRole, Role } from 'aws-cdk-lib/aws-iam';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { RedshiftTarget } from 'sfn-redshift-tasker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlState } from '../scenarios/sql-state.ts';
import { everyTarget, WAYS } from './helpers/every-target.ts';
import { ended, eventually, run, start } from './helpers/execution.ts';
import { invoke } from './helpers/invoker.ts';
import { type Alteration, type Machines, startTestStage, type TestStage, WITHOUT_SWEEP } from './helpers/test-stage.ts';

const MINUTE_MS = 60_000;

const ownedBy = (ownerRole: IRole, database: string) =>
  RedshiftTarget.cluster({ clusterIdentifier: 'c1', database, dbUser: 'etl', ownerRole });

/** A target with the owner role of the tasker's own, and another database. */
const addOther: Alteration = (stack, tasker) => {
  const ownerRole = stack.node.findChild('Later') as Role;
  const other = tasker.addTarget('other', ownedBy(ownerRole, 'prod'));
  for (const [id, { invoker }] of Object.entries({ Main: tasker, Other: other })) {
    new CfnOutput(stack, `${id}Name`, { value: invoker.functionName });
  }
};

type Outputs = Readonly<Record<string, string>>;

const runsSql: Machines[string] = (stack, tasker) =>
  sqlState(stack, 'SqlMain', tasker, { sql: JsonPath.stringAt('$.sql'), resultPath: JsonPath.entirePayload });

describe('every way to connect', () => {
  let test: TestStage;
  beforeAll(async () => {
    test = await startTestStage({ ...everyTarget(), Main: runsSql }, WITHOUT_SWEEP);
  });
  afterAll(() => test?.close());

  const runOn = (id: string, sql: string) => run(test.sfn, test.outputs[`Run${id}Arn`], { sql });

  /** Outputs of the stack as it stands. */
  const namesNow = () =>
    Object.assign({}, ...Object.values(test.stage.stacks).map(({ outputs }) => outputs)) as Outputs;

  /** Asks the invoker of a way, as a state without a token does. */
  const ask = async (id: string, payload: object) => {
    const outputs = { ...test.outputs, InvokerName: namesNow()[`${id}Name`] ?? '' };
    return await invoke({ ...test, outputs }, payload);
  };

  it.each(Object.entries(WAYS))('%s runs as its own user, and reads what it has found', async (id, { user }) => {
    const { status, output } = await runOn(id, 'select current_user');
    const { statementId } = (JSON.parse(output ?? '{}') as { detail?: { statementId?: string } }).detail ?? {};
    expect(status).toBe('SUCCEEDED');

    const described = await ask(id, { action: 'describeStatement', statementId });
    const { answer } = await ask(id, { action: 'getStatementResult', statementId });
    const cancelled = await ask(id, { action: 'cancelStatement', statementId });

    const [[field]] = answer['Records'] as [[{ stringValue?: string }]];
    expect(field.stringValue).toMatch(user);
    expect([described.FunctionError, cancelled.FunctionError]).toEqual([undefined, undefined]);
  });

  it.each(Object.keys(WAYS))('%s starts batches', async (id) => {
    expect((await ask(id, { sqlStatements: ['select 1', 'select 2'] })).FunctionError).toBeUndefined();
  });

  it('tells the Data API apart by what it answers', async () => {
    const answers = await Promise.all(
      Object.keys(WAYS).map(async (id) => (await ask(id, { sqlStatement: 'select 1' })).answer),
    );
    const names = ['ClusterIdentifier', 'WorkgroupName', 'DbUser', 'SecretArn', 'Database'];
    expect(answers.map((answer) => names.filter((name) => answer[name] !== undefined))).toEqual([
      ['ClusterIdentifier', 'DbUser', 'Database'],
      ['ClusterIdentifier', 'Database'],
      ['ClusterIdentifier', 'SecretArn', 'Database'],
      ['WorkgroupName', 'Database'],
      ['WorkgroupName', 'SecretArn', 'Database'],
      ['ClusterIdentifier', 'Database'],
    ]);
  });

  it.each(['Login', 'Owned'])('%s is told what its user may not do in the database', async (id) => {
    const owner = id === 'Login' ? 'User' : 'Owned';
    expect((await runOn(owner, `create schema of_${id}`)).status).toBe('SUCCEEDED');
    const sql = id === 'Login' ? 'create table of_Login.t (i int)' : 'create table pg_catalog.t (i int)';

    const { status, error, cause } = await runOn(id, sql);

    expect([status, error]).toEqual(['FAILED', 'FAILED']);
    expect(cause).toContain('permission denied');
  });

  describe('with the permissions that there are:', () => {
    const roleOf = (id: string) => (id === 'Owned' ? /^Scenarios-Owner/ : new RegExp(`^Scenarios-${id}InvokerRole`));

    const statementsOf = (id: string, sids: readonly string[]): StatementReport[] => {
      const role = test.stage.iamReport().roles.find(({ name }) => roleOf(id).test(name));
      return (role?.statements ?? []).filter(({ sid }) => sids.includes(sid ?? ''));
    };

    it('nothing was denied', () => {
      expect(test.stage.iamReport().roles.flatMap(({ denied }) => denied)).toEqual([]);
    });

    it.each(Object.entries(WAYS))('%s has needed every statement, action and resource', (id, { sids }) => {
      const statements = statementsOf(id, sids);
      expect(statements.map(({ sid }) => sid).sort()).toEqual([...sids].sort());
      // Only the sweep lists statements, and here there is none; sessions only who has found one not available.
      const unused = statements.flatMap(({ unusedActions, unusedResources }) => [...unusedActions, ...unusedResources]);
      expect(unused).toEqual(id === 'Owned' ? ['redshift-data:ListSessions', 'redshift-data:ListStatements'] : []);
      expect(statements.filter(({ deniedWithout }) => deniedWithout.length === 0)).toEqual([]);
    });

    it('an owner role is entered by the invoker and by the drain', () => {
      const { roles } = test.stage.iamReport();
      const entering = roles.filter(({ name, statements }) => {
        const act = statements.find(({ sid }) => sid === 'ActAsOwnerOfStatements');
        return /^Scenarios-Owned(Invoker|Drain)Role/.test(name) && act?.used;
      });
      expect(entering).toHaveLength(2);
    });
  });

  it('what was started before the target has an owner role is followed as the role that has started it', async () => {
    const sql = 'call ends_later()';
    test.stage.redshift.script({ sql, durationMs: MINUTE_MS, error: 'ERROR: of the former owner' });
    const execution = await start(test.sfn, test.outputs.MainArn, { sql });
    await eventually(() =>
      Promise.resolve(test.stage.redshift.statements().find(({ status }) => status === 'STARTED')),
    );

    await test.update((stack) => {
      const ownerRole = new Role(stack, 'Later', { assumedBy: new AccountRootPrincipal() });
      return { sweep: { enabled: false }, target: ownedBy(ownerRole, 'dev') };
    }, addOther);
    await test.stage.functionsAtRest();
    test.stage.clock.advance(MINUTE_MS);

    const { status, cause } = await ended(test.sfn, execution);
    expect(status).toBe('FAILED');
    expect(cause).toContain('of the former owner');
  });

  it('a session is used by the target that has opened it, and by no other of the same owner role', async () => {
    const opened = await ask('Main', { sqlStatement: 'create temp table scratch (i int)', session: {} });
    const uses = { sqlStatement: 'select i from scratch', session: { id: opened.answer['sessionId'] } };
    const before = test.stage.redshift.statements().length;

    const elsewhere = await ask('Other', uses);

    expect(elsewhere.answer).toMatchObject({
      errorType: 'InvalidRequest',
      errorMessage: expect.stringMatching(
        /^session\.id: must be of .*\(cluster c1, database prod, database user etl\).* received one of cluster c1, database dev, /,
      ) as string,
    });
    expect(test.stage.redshift.statements()).toHaveLength(before);
    await eventually(async () => (await ask('Main', uses)).answer['statementId']);
  });
});
