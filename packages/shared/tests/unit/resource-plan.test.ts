import { describe, expect, it } from 'vitest';
import { parseResourceEvent } from '../../src/resource-event.ts';
import { planResource } from '../../src/resource-plan.ts';
import { failureIn } from '../helpers/failure-of.ts';
import { PROPERTIES, resourceEvent } from '../helpers/resource-events.ts';

type Changes = Readonly<Record<string, unknown>>;
type RequestType = 'Create' | 'Update' | 'Delete';

const plan = (type: RequestType, properties: Changes = {}, event: Changes = {}) =>
  planResource(
    parseResourceEvent(resourceEvent(type, { ResourceProperties: { ...PROPERTIES, ...properties }, ...event })),
  );
const refusalOf = (type: RequestType, properties: Changes, event: Changes = {}) =>
  failureIn(() => plan(type, properties, event)).message;

const idOf = (properties: Changes = {}) => plan('Create', properties).request.callback.physicalResourceId;
const ID = idOf();
const OTHER = { sqlStatement: 'create table other (id int)' };

describe('a Create', () => {
  it('runs the SQL of the properties', () => {
    const properties = {
      parameters: { a: '5', b: 'x' },
      lock: { name: 'ddl' },
      maxRuntimeSeconds: '600',
      ServiceTimeout: '3600',
    };
    expect(plan('Create', properties)).toMatchObject({
      request: {
        action: 'executeStatement',
        sqlStatement: PROPERTIES.sqlStatement,
        parameters: { a: '5', b: 'x' },
        lock: { name: 'ddl', mode: 'fail' },
        maxRuntimeSeconds: 600,
      },
      runs: 'always',
    });
  });

  it('is known by an id that stands for what it makes; one that fails, by one that stands for nothing', () => {
    expect(plan('Create').request.callback).toMatchObject({
      physicalResourceId: expect.stringMatching(/^sfn-redshift:Schema:[0-9a-f]{16}$/),
      failedResourceId: 'sfn-redshift:Schema:not-created',
    });
    expect(idOf({ onDelete: undefined, lock: { name: 'l' } })).toBe(ID);
    const others = [OTHER, { parameters: { a: '1' } }, { ServiceToken: 'arn:aws:lambda:x' }].map(idOf);
    expect(new Set([ID, ...others]).size).toBe(4);
  });

  it('may have nothing to run', () => {
    const { request } = plan('Create', { sqlStatement: undefined, action: 'executeSingletonStatement' });
    expect(request).toMatchObject({ action: 'executeStatement', sqlStatement: '', parameters: {} });
  });

  it('may be a singleton', () => {
    expect(plan('Create', { action: 'executeSingletonStatement' }).request.action).toBe('executeSingletonStatement');
  });
});

describe('an Update', () => {
  const update = (properties: Changes, event: Changes = {}) =>
    plan('Update', properties, { PhysicalResourceId: ID, ...event });

  it('is made in place by SQL of its own', () => {
    const onUpdate = { sqlStatement: 'alter table t add column a int', parameters: { p: '1' } };
    const { request, runs } = update({ ...OTHER, onUpdate });
    expect(runs).toBe('always');
    expect(request).toMatchObject(onUpdate);
    expect(request.callback.physicalResourceId).toBe(ID);
    expect(request.callback).not.toHaveProperty('failedResourceId');
  });

  it('is a replacement where the SQL is another; one that fails leaves the old one', () => {
    const { request, runs } = update(OTHER);
    expect(runs).toBe('unlessThere');
    expect(request).toMatchObject(OTHER);
    expect(request.callback).toMatchObject({ physicalResourceId: idOf(OTHER), failedResourceId: ID });
  });

  it('runs its SQL in any case where nothing would delete what that makes', () => {
    expect(update({ ...OTHER, onDelete: undefined }).runs).toBe('always');
  });

  it('runs nothing where the SQL is the same', () => {
    const { request } = update({ onDelete: { sqlStatement: 'drop table if exists t' } });
    expect(request).toMatchObject({ sqlStatement: '', callback: { physicalResourceId: ID } });
  });

  it('that is taken back runs nothing where what it goes back to was never left', () => {
    const back = (more: Changes) => update(more, { OldResourceProperties: { ...PROPERTIES, ...OTHER } }).request;
    expect(back({})).toMatchObject({ sqlStatement: '', callback: { physicalResourceId: ID } });
    expect(back({ onDelete: undefined })).toMatchObject({ sqlStatement: PROPERTIES.sqlStatement });
  });

  it('does not mind what properties of another time hold', () => {
    expect(
      update({}, { OldResourceProperties: { sql: [1], sqlStatement: { a: 1 }, parameters: 'x' } }).request,
    ).toMatchObject({ sqlStatement: '', callback: { physicalResourceId: ID } });
  });
});

describe('a Delete', () => {
  it('runs its SQL for what was made', () => {
    expect(plan('Delete', {}, { PhysicalResourceId: ID })).toMatchObject({
      request: { sqlStatement: 'drop table t', callback: { physicalResourceId: ID } },
      runs: 'always',
    });
  });

  it('under an id that CloudFormation has made up runs it if something was made', () => {
    expect(plan('Delete').runs).toBe('ifMade');
  });

  it('has nothing to run without SQL', () => {
    expect(plan('Delete', { onDelete: undefined }, { PhysicalResourceId: ID }).request.sqlStatement).toBe('');
  });

  it('of what was never created has nothing to run, whatever the properties are', () => {
    const never = { PhysicalResourceId: 'sfn-redshift:Schema:not-created' };
    expect(plan('Delete', { nonsense: 1 }, never).request.sqlStatement).toBe('');
    expect(plan('Delete', {}, { ...never, sqlStatement: 'drop table t' }).request.sqlStatement).toBe('');
  });
});

describe('the properties', () => {
  it.each([
    [{ sql: 'x' }, 'sql: is not a property of this resource; received "x"'],
    [{ onDelete: { sqlStatement: 'x', lock: {} } }, 'onDelete.lock: is not a property of this resource; received {}'],
    [{ sqlStatement: 7 }, 'sqlStatement: must be a string; received 7'],
    [{ sqlStatement: ' ' }, 'sqlStatement: must not be empty; received "" (length 1)'],
    [{ onDelete: {} }, 'onDelete.sqlStatement: must be a string; received nothing'],
    [{ onUpdate: 'x' }, 'onUpdate: must be an object; received "x"'],
    [
      { sqlStatement: undefined, onDelete: undefined },
      'sqlStatement: is required where there is neither onUpdate nor onDelete; received nothing',
    ],
    [
      { sqlStatement: undefined, parameters: { a: '1' } },
      'parameters: needs sqlStatement; received an object (not shown)',
    ],
    [{ maxRuntimeSeconds: '0' }, 'maxRuntimeSeconds: must be a whole number from 1 to 86400; received 0'],
    [{ maxRuntimeSeconds: 'long' }, 'maxRuntimeSeconds: must be a whole number from 1 to 86400; received "long"'],
    [
      { action: 'describeStatement' },
      'action: must be "executeStatement" or "executeSingletonStatement"; received "describeStatement"',
    ],
    [{ lock: { name: 'l', mode: 'wait' } }, 'lock.mode: belongs to the contract but is not built yet; received "wait"'],
    [
      { lock: { name: 'l' }, action: 'executeSingletonStatement' },
      'lock: does not go with executeSingletonStatement; received {"name":"l"}',
    ],
    [{ heartbeatSeconds: '60' }, 'heartbeatSeconds: is not a property of this resource; received "60"'],
    [{ attempt: {} }, 'attempt: is not a property of this resource; received {}'],
  ])('are refused by name: %j', (properties, message) => {
    expect(refusalOf('Create', properties)).toBe(`ResourceProperties.${message}`);
  });
});

describe('an event that a function has passed on with SQL', () => {
  const forwarded = { sqlStatement: 'create user u', parameters: { p: 1 } };
  const anyProperties = { username: 'u', sqlStatement: undefined };

  it('runs that, whatever the properties are', () => {
    expect(plan('Create', anyProperties, forwarded)).toMatchObject({
      request: {
        sqlStatement: 'create user u',
        parameters: { p: '1' },
        callback: {
          physicalResourceId: expect.stringMatching(/^sfn-redshift:Schema:[0-9a-f]{16}$/),
          failedResourceId: 'sfn-redshift:Schema:not-created',
        },
      },
      runs: 'always',
    });
  });

  it('keeps the id that it holds', () => {
    for (const type of ['Create', 'Update', 'Delete'] as const) {
      const { request } = plan(type, anyProperties, { ...forwarded, PhysicalResourceId: 'u' });
      expect(request.callback.physicalResourceId).toBe('u');
    }
  });

  it('of type Delete is run, unless it is known that nothing was made', () => {
    expect(plan('Delete', anyProperties, forwarded).runs).toBe('unlessNotMade');
  });

  it.each([
    'taskToken',
    'executionArn',
    'attempt',
    'heartbeatSeconds',
    'onTimeout',
    'onRetry',
    'idempotencyKey',
    'statementId',
    'durableCallbackId',
  ])('is refused with %s', (field) => {
    expect(refusalOf('Create', {}, { ...forwarded, [field]: 'x' })).toContain(
      `${field}: does not go with a CloudFormation event; received `,
    );
  });

  it('is refused for what starts no statement, and for SQL that cannot be', () => {
    const action = { action: 'describeStatement' };
    expect(refusalOf('Create', {}, action)).toContain('statementId: is required by describeStatement');
    expect(refusalOf('Create', {}, { sqlStatement: '' })).toContain('sqlStatement: must not be empty');
  });
});
