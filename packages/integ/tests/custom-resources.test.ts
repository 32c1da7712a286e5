import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './helpers/execution.ts';
import { itemsOf } from './helpers/items.ts';
import { type Alteration, startTestStage, type TestStage } from './helpers/test-stage.ts';

const MINUTE_MS = 60_000;
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

/** Cannot be made, and comes after the resource. */
const brokenAfterwards: Alteration = (stack) => {
  new CfnLogGroup(stack, 'Broken', { kmsKeyId: 'nowhere' }).node.addDependency(stack.node.findChild('Made'));
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

  it('is replaced where its SQL is another: the new one is made, then the old one deleted', {
    timeout: PATIENCE_MS,
  }, async () => {
    const before = idOfMade();
    await update(resource(table('second')));
    expect(await ran()).toEqual(['create table second (id int): FINISHED', 'drop table first: FINISHED']);
    expect(idOfMade()).not.toBe(before);
  });

  it('is updated in place by SQL of its own', { timeout: PATIENCE_MS }, async () => {
    const before = idOfMade();
    const onUpdate = { sqlStatement: 'alter table second add column name varchar' };
    await update(resource(table('second', { onUpdate })));
    expect(await ran()).toEqual(['alter table second add column name varchar: FINISHED']);
    expect(idOfMade()).toBe(before);
  });

  it('stays as it is where only the SQL changes that deletes it', { timeout: PATIENCE_MS }, async () => {
    const before = idOfMade();
    const properties = table('second', { onDelete: { sqlStatement: 'drop table if exists second' } });
    await update(resource(properties));
    expect(await ran()).toEqual([]);
    expect(idOfMade()).toBe(before);
  });

  it('is what it was when its update fails, and why is told', { timeout: PATIENCE_MS }, async () => {
    const before = idOfMade();
    const told = await failed(resource(table('third', { sqlStatement: 'create table third (id nonsense)' })));
    expect(told).toContain('type "nonsense" does not exist');
    expect(stack().status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await ran()).toEqual(['create table third (id nonsense): FAILED']);
    expect(idOfMade()).toBe(before);
  });

  it('is back when another resource fails after its replacement, which is deleted', {
    timeout: PATIENCE_MS,
  }, async () => {
    const before = idOfMade();
    await failed(all(resource(table('fourth')), brokenAfterwards));
    expect(stack().status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await ran()).toEqual(['create table fourth (id int): FINISHED', 'drop table fourth: FINISHED']);
    expect(idOfMade()).toBe(before);
  });

  it('is refused for a property that is not one, and its Delete has nothing to do', {
    timeout: PATIENCE_MS,
  }, async () => {
    const told = await failed(all(resource(table('second')), resource({ ...table('fifth'), sql: 'x' }, 'Other')));
    expect(told).toContain('InvalidRequest: ResourceProperties.sql: is not a property of this resource; received "x"');
    expect(stack().status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await ran()).toEqual([]);
  });

  it('that is given up while its SQL runs is cancelled, and nothing is dropped', { timeout: PATIENCE_MS }, async () => {
    const [long, bad] = ['create table sixth (id int)', 'select 1 as fails_soon'];
    test.stage.redshift.script({ sql: long, durationMs: 30 * MINUTE_MS });
    test.stage.redshift.script({ sql: bad, durationMs: MINUTE_MS, error: 'ERROR: it fails' });
    const sibling = resource({ sqlStatement: bad }, 'Failing');
    const over = failed(all(resource(table('second')), resource(table('sixth'), 'Long'), sibling));
    await eventually(async () => {
      const open = (await itemsOf(test)).filter(({ status }) => status?.S === 'submitted');
      return open.length === 2 || undefined;
    });
    await test.stage.functionsAtRest();
    test.stage.clock.advance(2 * MINUTE_MS);
    expect(await over).toContain('FAILED: ERROR: it fails');
    expect(stack().status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await ran()).toSorted()).toEqual([`${long}: ABORTED`, `${bad}: FAILED`]);
  });

  it('may be made by a function that passes its event on with SQL', { timeout: PATIENCE_MS }, async () => {
    await update(all(resource(table('second')), passedOn));
    expect(await ran()).toEqual(['create table passed_on (id int): FINISHED']);
    await update(resource(table('second')));
    expect(await ran()).toEqual(['drop table passed_on: FINISHED']);
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
