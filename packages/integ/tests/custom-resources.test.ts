import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { App, CfnOutput, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './helpers/execution.ts';
import { itemsOf } from './helpers/items.ts';
import { type Alteration, startTestStage, type TestStage } from './helpers/test-stage.ts';

const STEP_MS = 20_000;
const POLL_MS = 20;
const BY_INVOKER = { on: 'call', caller: /TaskerInvoker/ } as const;
/** For an update where much else runs. */
const PATIENCE_MS = 120_000;

type Properties = Readonly<Record<string, unknown>>;

/** A resource by the tasker of its stack; nothing says in which order they are made. */
const resource = (properties: Properties, id = 'Made'): Alteration =>
  function add(stack, { serviceToken }) {
    const made = new CustomResource(stack, id, { serviceToken, resourceType: 'Custom::Sql', properties });
    new CfnOutput(stack, `${id}Id`, { value: made.ref });
  };

/** One that tells what its statement has told. */
const telling = (properties: Properties): Alteration =>
  function add(stack, { serviceToken }) {
    const made = new CustomResource(stack, 'Made', { serviceToken, resourceType: 'Custom::Sql', properties });
    new CfnOutput(stack, 'MadeId', { value: made.ref });
    new CfnOutput(stack, 'State', { value: made.getAttString('state') });
    new CfnOutput(stack, 'StatementId', { value: made.getAttString('statementId') });
  };

const all =
  (...alterations: readonly Alteration[]): Alteration =>
  (stack, tasker) => {
    for (const alter of alterations) alter(stack, tasker);
  };

const table = (name: string, more: Properties = {}): Properties => ({
  sqlStatement: `create table ${name} (id int)`,
  onDelete: { sqlStatement: `drop table ${name}` },
  maxRuntimeSeconds: '3600',
  ...more,
});

/** Adds SQL to the event and passes it on, as functions do that were written for cdk-stepfunctions-redshift. */
const PASSES_ON = `
const { InvokeCommand, LambdaClient } = require('@aws-sdk/client-lambda');
exports.handler = async (event) => {
  const { username } = event.ResourceProperties;
  const sqlStatement = (event.RequestType === 'Delete' ? 'drop table ' : 'create table ') + username + (event.RequestType === 'Delete' ? '' : ' (id int)');
  const Payload = JSON.stringify({ ...event, sqlStatement });
  await new LambdaClient().send(new InvokeCommand({ FunctionName: process.env.TASKER, Payload }));
};`;

const passedOn: Alteration = (stack, tasker) => {
  const handler = new Function(stack, 'PassesOn', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(PASSES_ON),
    environment: { TASKER: tasker.invoker.functionName },
    timeout: Duration.seconds(30),
  });
  const grant = tasker.grantInvoke(handler);
  const user = new CustomResource(stack, 'User', {
    serviceToken: handler.functionArn,
    properties: { username: 'passed_on' },
  });
  user.node.addDependency(tasker, grant);
};

describe('A custom resource, in one stack with its tasker,', () => {
  let test: TestStage;
  let seen = 0;

  beforeAll(async () => {
    test = await startTestStage({}, {}, telling(table('first')));
  }, PATIENCE_MS);

  afterAll(() => test?.close());

  const stack = () => {
    const found = test.stage.stacks['Scenarios'];
    if (!found) throw new Error('no stack');
    return found;
  };
  const idOfMade = () => stack().outputs['MadeId'];

  /** What has run since it was asked last, oldest first: SQL and how it ended. */
  const ran = async (): Promise<readonly string[]> => {
    const items = await eventually(async () => {
      const found = await itemsOf(test);
      return found.every(({ status }) => status?.S === 'closed') ? found : undefined;
    });
    const sorted = items.toSorted((one, other) => Number(one.startedAt?.N) - Number(other.startedAt?.N));
    const since = sorted.slice(seen);
    seen = sorted.length;
    return since
      .filter(({ statementId }) => statementId !== undefined)
      .map(({ shortSql, outcome }) => `${shortSql?.S}: ${outcome?.S}`);
  };
  const update = (alter: Alteration) => test.update({}, alter);
  const failed = (alter: Alteration): Promise<string> => update(alter).then(() => 'nothing failed', String);

  it('is created when its SQL has ended, and tells what that told', async () => {
    expect(await ran()).toEqual(['create table first (id int): FINISHED']);
    expect(stack().outputs).toMatchObject({ State: 'FINISHED', StatementId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(idOfMade()).toMatch(/^sfn-redshift:Made:[0-9a-f]{16}$/);
  });

  it('stays as it is where only the SQL changes that deletes it', { timeout: PATIENCE_MS }, async () => {
    const before = idOfMade();
    const properties = table('first', { onDelete: { sqlStatement: 'drop table if exists first' } });
    await update(telling(properties));
    expect(await ran()).toEqual([]);
    expect(idOfMade()).toBe(before);
    expect(stack().outputs).toMatchObject({ State: '', StatementId: '' });
  });

  it('is refused for a property that is not one, and its Delete has nothing to do', {
    timeout: PATIENCE_MS,
  }, async () => {
    const told = await failed(all(resource(table('first')), resource({ ...table('second'), sql: 'x' }, 'Other')));
    expect(told).toContain('InvalidRequest: ResourceProperties.sql: is not a property of this resource; received "x"');
    expect(stack().status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await ran()).toEqual([]);
  });

  it('may be made by a function that passes its event on with SQL', { timeout: PATIENCE_MS }, async () => {
    await update(all(resource(table('first')), passedOn));
    expect(await ran()).toEqual(['create table passed_on (id int): FINISHED']);
    await update(resource(table('first')));
    expect(await ran()).toEqual(['drop table passed_on: FINISHED']);
  });

  describe('whatever goes wrong, CloudFormation is told of', () => {
    /** Lets time pass until an update is over. */
    const over = async (alter: Alteration): Promise<string> => {
      let told: string | undefined;
      void failed(all(resource(table('first')), alter)).then((text) => (told = text));
      while (told === undefined) {
        await test.stage.functionsAtRest();
        await sleep(POLL_MS);
        if (told === undefined) test.stage.clock.advance(STEP_MS);
      }
      return told;
    };

    afterEach(() => test.stage.faults.clear());

    it('a Delete that has nothing to run, and dies of telling that', { timeout: PATIENCE_MS }, async () => {
      await update(all(resource(table('first')), resource({ sqlStatement: 'select 1 as plain' }, 'Plain')));
      expect(await ran()).toEqual(['select 1 as plain: FINISHED']);
      const dies = test.stage.faults.add({ ...BY_INVOKER, operation: 'SendMessage', do: 'kill', uses: 1 });

      expect(await over(() => undefined)).toBe('nothing failed');

      expect(dies.used).toBe(1);
      expect(stack().status).toBe('UPDATE_COMPLETE');
    });

    it('a start that is throttled until Lambda gives up', { timeout: PATIENCE_MS }, async () => {
      test.stage.faults.add({ ...BY_INVOKER, operation: 'ExecuteStatement', do: 'throttle', uses: 100 });

      const told = await over(resource(table('never'), 'Never'));

      expect(told).toContain('StartUncertain');
      expect(told).toContain('ThrottlingException');
      expect(stack().status).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect(test.stage.redshift.statements().filter(({ name = '' }) => name.endsWith('/Never'))).toEqual([]);
      expect(await ran()).toEqual([]);
    });
  });

  it('is deleted before anything of its tasker', { timeout: PATIENCE_MS }, async () => {
    expect(test.stage.iamReport().roles.flatMap(({ denied }) => denied)).toEqual([]);
    const start = stack().events.length;
    const directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-integ-'));
    try {
      await test.stage.update(synthesizeWithout(directory));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
    const deleted = stack()
      .events.slice(start)
      .filter(({ status }) => status.startsWith('DELETE'))
      .map(({ logicalId, status }) => `${logicalId} ${status}`);
    expect(deleted.slice(0, 2)).toEqual(['Made DELETE_IN_PROGRESS', 'Made DELETE_COMPLETE']);
    expect(deleted.length).toBeGreaterThan(20);
    expect(
      test.stage.redshift
        .statements()
        .map(({ status }) => status)
        .at(-1),
    ).toBe('FINISHED');
  });
});

/** The stack without tasker and resource. */
const synthesizeWithout = (outdir: string): string => {
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  new CfnLogGroup(new Stack(app, 'Scenarios'), 'Left');
  return app.synth().directory;
};
