import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '@sfn-redshift/local';
import { CustomResource } from 'aws-cdk-lib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './helpers/execution.ts';
import { itemsOf } from './helpers/items.ts';
import { type Alteration, startTestStage, type TestStage } from './helpers/test-stage.ts';

const STEP_MS = 20_000;
const POLL_MS = 20;
/** For one where much else runs. */
const PATIENCE_MS = 120_000;
const COMPLETIONS = { source: ['aws.redshift-data'] };
const [INVOKER, DRAIN] = [/TaskerInvoker/, /TaskerDrain/];

type CallFault = Extract<Fault, { readonly on: 'call' }>;

const call = (operation: string, what: Pick<CallFault, 'do' | 'when'>, caller = INVOKER, uses = 1): Fault => ({
  on: 'call',
  caller,
  operation,
  uses,
  ...what,
});
const killing = (operation: string) =>
  [
    `${operation} kills the invoker, after it has taken effect`,
    [call(operation, { do: 'kill', when: 'after' })],
  ] as const;

const resource = (name: string, sqlStatement: string): Alteration =>
  function add(stack, { serviceToken }) {
    const properties = { sqlStatement, onDelete: { sqlStatement: `drop table ${name}` } };
    new CustomResource(stack, name, { serviceToken, resourceType: 'Custom::Sql', properties });
  };

describe('Whatever goes wrong, CloudFormation is told once what became of a resource:', () => {
  let test: TestStage;
  let count = 0;

  beforeAll(async () => {
    test = await startTestStage({});
  }, PATIENCE_MS);

  afterAll(() => test?.close());

  beforeEach(() => test.stage.faults.clear());

  const status = () => test.stage.stacks['Scenarios']?.status;
  /** Lets time pass until an update is over. */
  const over = async (update: Promise<unknown>): Promise<string> => {
    let told: string | undefined;
    void update.then(
      () => (told = 'updated'),
      (error: unknown) => (told = String(error)),
    );
    while (told === undefined) {
      await test.stage.functionsAtRest();
      await sleep(POLL_MS);
      if (told === undefined) test.stage.clock.advance(STEP_MS);
    }
    return told;
  };
  const statementsOf = async (sql: string) => {
    const items = await eventually(async () => {
      const found = (await itemsOf(test)).filter(({ shortSql }) => shortSql?.S === sql);
      if (found.every((item) => item.status?.S === 'closed')) return found;
      await test.stage.functionsAtRest();
      test.stage.clock.advance(STEP_MS);
      return undefined;
    });
    return items.map(({ outcome, delivered }) => [outcome?.S, delivered?.BOOL]);
  };

  it.each([
    killing('PutItem'),
    killing('ExecuteStatement'),
    ['UpdateItem kills the drain', [call('UpdateItem', { do: 'kill' }, DRAIN)]],
    ['its event is lost', [{ on: 'event', pattern: COMPLETIONS, do: 'drop', uses: 1 }]],
  ] as const)('%s', { timeout: PATIENCE_MS }, async (_, faults) => {
    const [name, sql] = [`t${(count += 1)}`, `create table t${count} (id int)`];
    const handles = faults.map((fault) => test.stage.faults.add(fault));

    expect(await over(test.update({}, resource(name, sql)))).toBe('updated');

    expect(handles.map(({ used }) => used > 0)).toEqual(handles.map(() => true));
    expect(await statementsOf(sql)).toEqual([['FINISHED', true]]);
    expect(test.stage.redshift.statements().filter(({ name = '' }) => name.endsWith(`/t${count}`))).toHaveLength(1);
  });

  it('a Delete that has nothing to run, and dies of telling that', { timeout: PATIENCE_MS }, async () => {
    const plain: Alteration = (stack, { serviceToken }) => {
      new CustomResource(stack, 'Plain', { serviceToken, properties: { sqlStatement: 'select 1 as plain' } });
    };
    expect(await over(test.update({}, plain))).toBe('updated');
    test.stage.faults.add(call('SendMessage', { do: 'kill', when: 'before' }));

    expect(await over(test.update({}))).toBe('updated');
    expect(status()).toBe('UPDATE_COMPLETE');
  });

  it('a start that is throttled until Lambda gives up', { timeout: PATIENCE_MS }, async () => {
    test.stage.faults.add(call('ExecuteStatement', { do: 'throttle' }, INVOKER, 100));

    const told = await over(test.update({}, resource('never', 'create table never (id int)')));

    expect(told).toContain('StartUncertain');
    expect(told).toContain('ThrottlingException');
    expect(status()).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await statementsOf('create table never (id int)')).toEqual([['UNKNOWN', true]]);
    expect(await statementsOf('drop table never')).toEqual([]);
  });
});
