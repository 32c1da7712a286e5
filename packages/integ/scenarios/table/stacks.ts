import assert from 'node:assert/strict';
import { CfnOutput, CustomResource, type Stack } from 'aws-cdk-lib';
import { failed, succeeded } from '../assertions.ts';
import { RUN } from '../machines.ts';
import type { Scenario } from '../scenario.ts';
import type { StackContents } from '../scenario-stacks.ts';
import type { StackEnd, Told } from '../told.ts';
import { FOR_EVER, type World } from '../world.ts';

type Properties = Readonly<Record<string, unknown>>;

const STACK = 'tables';

const sqlResource = (scope: Stack, id: string, serviceToken: string, properties: Properties): CustomResource =>
  new CustomResource(scope, id, { serviceToken, resourceType: 'Custom::Sql', properties });

/** A resource by its SQL, and what it tells. */
const made = (scope: Stack, serviceToken: string, properties: Properties): CustomResource => {
  const resource = sqlResource(scope, 'Made', serviceToken, properties);
  new CfnOutput(scope, 'Id', { value: resource.ref });
  new CfnOutput(scope, 'State', { value: resource.getAttString('state') });
  return resource;
};

const only =
  (properties: Properties): StackContents =>
  (scope, serviceToken) => {
    made(scope, serviceToken, properties);
  };

const NONSENSE = 'select nothing from nowhere';

/** The same, and another one after it that cannot be made. */
const withBroken =
  (properties: Properties): StackContents =>
  (scope, serviceToken) => {
    const resource = made(scope, serviceToken, properties);
    sqlResource(scope, 'Broken', serviceToken, { sqlStatement: NONSENSE }).node.addDependency(resource);
  };

const tableOf = (name: string, more: Properties = {}): Properties => ({
  sqlStatement: `create table ${name} (id int)`,
  onDelete: { sqlStatement: `drop table ${name}` },
  ...more,
});

/** Asks a table for a column. */
const read = (world: World, table: string, column = 'id') =>
  world.run('Run', { sql: `select ${column} from ${table}` });

const stacksTold = (executions: Told['executions'], stacks: readonly StackEnd[]): Told => ({
  executions,
  answers: [],
  stacks,
});

/** That nothing failed; what the stack told, each time. */
const outputsOf = ({ stacks }: Told): readonly StackEnd['outputs'][] => {
  assert.deepEqual(
    stacks.map(({ failure }) => failure),
    stacks.map(() => undefined),
  );
  return stacks.map(({ outputs }) => outputs);
};

export const whole: Scenario = {
  name: 'a resource of a stack is created, updated in place, replaced and deleted, each when its SQL has ended',
  machines: [RUN],
  stacks: [STACK],
  statements: 8,
  run: async (world) => {
    const [first, second] = [world.unique(), world.unique()];
    const onUpdate = { sqlStatement: `alter table ${first} add column name varchar` };
    const created = await world.deploy(STACK, only(tableOf(first)));
    const updated = await world.deploy(STACK, only(tableOf(first, { onUpdate })));
    const inPlace = await read(world, first, 'name');
    const replaced = await world.deploy(STACK, only(tableOf(second)));
    const [gone, there] = [await read(world, first), await read(world, second)];
    const removed = await world.remove(STACK);
    return stacksTold([inPlace, there, gone], [created, updated, replaced, removed]);
  },
  expect: (told) => {
    const [created, updated, replaced] = outputsOf(told);
    assert.deepEqual(
      [created, updated, replaced].map((outputs) => outputs?.State),
      ['FINISHED', 'FINISHED', 'FINISHED'],
    );
    assert.match(created?.Id ?? '', /^sfn-redshift:Made:[0-9a-f]{16}$/);
    assert.equal(updated?.Id, created?.Id);
    assert.notEqual(replaced?.Id, created?.Id);
    const [inPlace, there, gone] = told.executions;
    for (const found of [inPlace, there]) assert.equal(found && succeeded(found).detail.rows, 0);
    assert.ok(gone);
    failed(gone, 'FAILED', /does not exist/);
  },
};

const notMade: Scenario = {
  name: 'a resource whose SQL fails is not made: its stack tells why, and nothing is dropped when that is deleted',
  stacks: [STACK],
  statements: 1,
  run: async (world) => {
    const { onDelete } = tableOf(world.unique());
    const created = await world.deploy(STACK, only({ sqlStatement: NONSENSE, onDelete }));
    return stacksTold([], [created, await world.remove(STACK)]);
  },
  expect: ({ stacks: [created, removed] }) => {
    assert.match(created?.failure ?? '', /FAILED: .*"nowhere" does not exist/);
    assert.equal(removed?.failure, undefined);
  },
};

const rolledBack: Scenario = {
  name: 'a resource is what it was after updates that fail: by its own SQL, or by another resource after its replacement',
  machines: [RUN],
  stacks: [STACK],
  statements: 7,
  run: async (world) => {
    const [first, second] = [world.unique(), world.unique()];
    const created = await world.deploy(STACK, only(tableOf(first)));
    const byItself = await world.deploy(STACK, only(tableOf(first, { sqlStatement: NONSENSE })));
    const byAnother = await world.deploy(STACK, withBroken(tableOf(second)));
    const there = await read(world, first);
    const asBefore = await world.deploy(STACK, only(tableOf(first)));
    return stacksTold([there], [created, byItself, byAnother, asBefore, await world.remove(STACK)]);
  },
  expect: ({ executions: [there], stacks: [created, byItself, byAnother, asBefore, removed] }) => {
    for (const end of [byItself, byAnother]) assert.match(end?.failure ?? '', /FAILED: .*"nowhere" does not exist/);
    for (const end of [created, asBefore, removed]) assert.equal(end?.failure, undefined);
    assert.equal(asBefore?.outputs.Id, created?.outputs.Id);
    assert.ok(there);
    succeeded(there);
  },
};

/** Lambda has repeated by then what failed. */
const LONGER_THAN_REPEATS = 240;

const overtaken: Scenario = {
  name: 'a resource is given up while its SQL runs, as another one fails: the SQL is cancelled, and nothing is dropped',
  stacks: [STACK],
  statements: 2,
  areCancelled: true,
  run: async (world) => {
    const sqlStatement = world.lasting(FOR_EVER);
    const { onDelete } = tableOf(world.unique());
    const created = await world.deploy(STACK, (scope, serviceToken) => {
      sqlResource(scope, 'Long', serviceToken, { sqlStatement, onDelete });
      const maxRuntimeSeconds = LONGER_THAN_REPEATS;
      sqlResource(scope, 'Short', serviceToken, { sqlStatement, maxRuntimeSeconds });
    });
    return stacksTold([], [created, await world.remove(STACK)]);
  },
  expect: ({ stacks: [created, removed] }) => {
    assert.match(created?.failure ?? '', /ABORTED: /);
    assert.equal(removed?.failure, undefined);
  },
};

export const stacks: readonly Scenario[] = [whole, notMade, rolledBack, overtaken];
