import { Template } from 'aws-cdk-lib/assertions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { IntegrationPattern, JsonPath, QueryLanguage } from 'aws-cdk-lib/aws-stepfunctions';
import {
  type RedshiftBatchExecuteStatementOptions,
  RedshiftDataCheck,
  type RedshiftDataCheckOptions,
  type RedshiftExecuteStatementOptions,
  RedshiftExpectation,
  RedshiftResult,
} from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { definitionOf, problemsOf, requestOf, type State, stateMaker } from '../helpers/states.ts';
import { addTasker, newStack, target } from '../helpers/synth.ts';

const { JSONATA } = QueryLanguage;

const executeState = stateMaker<RedshiftExecuteStatementOptions>((tasker, scope, props) =>
  tasker.executeStatement(scope, 'Run', props),
);
const batchState = stateMaker<RedshiftBatchExecuteStatementOptions>((tasker, scope, props) =>
  tasker.batchExecuteStatement(scope, 'Load', props),
);
const checkState = stateMaker<RedshiftDataCheckOptions>((tasker, scope, props) =>
  tasker.dataCheck(scope, 'Check', props),
);

describe('what a state has of the rows', () => {
  it.each<[string, RedshiftResult, object]>([
    ['all', RedshiftResult.rows(), { form: 'rows' }],
    ['so many', RedshiftResult.rows({ maxRows: 10 }), { form: 'rows', maxRows: 10 }],
    ['one row', RedshiftResult.row(), { form: 'row' }],
    ['a column', RedshiftResult.column({ maxRows: 7 }), { form: 'column', maxRows: 7 }],
    ['a value', RedshiftResult.value(), { form: 'value' }],
  ])('is %s', (_what, result, asked) => {
    expect(requestOf(executeState({ sql: 'select 1', result }))).toMatchObject({ result: asked });
    expect(requestOf(executeState({ sql: 'select 1', result }, JSONATA))).toMatchObject({ result: asked });
    expect(requestOf(batchState({ sqls: ['select 1'], result }))).toMatchObject({ result: asked });
    expect(requestOf(batchState({ sqls: ['select 1'], result }, JSONATA))).toMatchObject({ result: asked });
  });

  it('can be limited by the input', () => {
    const result = RedshiftResult.rows({ maxRows: JsonPath.numberAt('$.n') });
    expect(requestOf(executeState({ sql: 'select 1', result }))).toMatchObject({
      result: { form: 'rows', 'maxRows.$': '$.n' },
    });
  });

  it.each([0, 1.5, -1, 100_000_001])('is refused with %d rows at the most', (maxRows) => {
    const says = new RegExp(`result.maxRows: must be a whole number from 1 to 100000000; received ${maxRows}`);
    expect(() => RedshiftResult.rows({ maxRows })).toThrow(says);
    expect(() => RedshiftResult.column({ maxRows })).toThrow(says);
  });

  it('is refused where nobody waits for it', () => {
    const integrationPattern = IntegrationPattern.REQUEST_RESPONSE;
    expect(() => executeState({ sql: 'select 1', result: RedshiftResult.rows(), integrationPattern })).toThrow(
      /Run: result: needs a state that waits: integrationPattern RUN_JOB; received "REQUEST_RESPONSE"/,
    );
    expect(() => batchState({ sqls: ['select 1'], result: RedshiftResult.rows(), integrationPattern })).toThrow(
      /Load: result: needs a state that waits: integrationPattern RUN_JOB; received "REQUEST_RESPONSE"/,
    );
  });
});

describe('rows that go to S3', () => {
  const stack = newStack();
  const bucket = new Bucket(stack, 'Reports') as IBucket;
  const tasker = addTasker(stack);
  const reports = tasker.addTarget('reports', target);
  const result = RedshiftResult.toS3(bucket, { prefix: 'daily', maxRows: 1000 });
  const { States } = definitionOf(
    stack,
    tasker
      .executeStatement(stack, 'A', { sql: 'select 1', result })
      .next(
        reports.executeStatement(stack, 'B', { sql: 'select 1', result: RedshiftResult.toS3(bucket, { prefix: 'b' }) }),
      )
      .next(
        tasker.batchExecuteStatement(stack, 'C', {
          sqls: ['select 1'],
          result: RedshiftResult.toS3(bucket, { prefix: 'batches' }),
        }),
      ),
  );

  it('are named by the request', () => {
    expect(requestOf(States['A'] as State)).toMatchObject({
      result: { form: 'rows', maxRows: 1000, s3: { bucket: expect.stringMatching(/^<Reports/), prefix: 'daily' } },
    });
  });

  it('are named by the request of a batch', () => {
    expect(requestOf(States['C'] as State)).toMatchObject({ result: { form: 'rows', s3: { prefix: 'batches' } } });
  });

  it('may be written by drain and sweep, of further targets and of batches, too', () => {
    const template = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(template.match(/\/daily\/\*/g)).toHaveLength(2);
    expect(template.match(/\/b\/\*/g)).toHaveLength(2);
    expect(template.match(/\/batches\/\*/g)).toHaveLength(2);
  });

  it('go to no place that only the input tells', () => {
    const says = /result.prefix: must be no expression: the tasker is let in under it/;
    expect(() => RedshiftResult.toS3(bucket, { prefix: JsonPath.stringAt('$.prefix') })).toThrow(says);
    expect(() => RedshiftResult.toS3(bucket, { prefix: '{% $states.input.prefix %}' })).toThrow(says);
  });
});

describe('what a data check expects', () => {
  it.each<[string, RedshiftExpectation, object]>([
    ['no rows', RedshiftExpectation.noRows(), { type: 'noRows' }],
    ['some rows', RedshiftExpectation.someRows({ sampleRows: 0 }), { type: 'someRows', sampleRows: 0 }],
    ['a count', RedshiftExpectation.count({ exactly: 3 }), { type: 'count', equals: 3 }],
    ['a count between two', RedshiftExpectation.count({ min: 1, max: 3 }), { type: 'count', min: 1, max: 3 }],
    [
      'a value',
      RedshiftExpectation.value({ exactly: 'x', sampleRows: 9 }),
      { type: 'value', equals: 'x', sampleRows: 9 },
    ],
    ['false', RedshiftExpectation.value({ exactly: false }), { type: 'value', equals: false }],
    ['a date', RedshiftExpectation.value({ min: '2026-01-01' }), { type: 'value', min: '2026-01-01' }],
  ])('is %s', (_what, expectation, check) => {
    const request = requestOf(checkState({ sql: 'select 1', expectation }));
    expect(request).toMatchObject({ action: 'executeStatement', sqlStatement: 'select 1', check });
    expect(requestOf(checkState({ sql: 'select 1', expectation }, JSONATA))).toMatchObject({ check });
  });

  it('can be NULL, in both languages', () => {
    const expectation = RedshiftExpectation.value({ isNull: true });
    expect(requestOf(checkState({ sql: 'select 1', expectation }))).toMatchObject({
      check: { 'equals.$': "States.StringToJson('null')" },
    });
    expect(requestOf(checkState({ sql: 'select 1', expectation }, JSONATA))).toMatchObject({
      check: { equals: '{% null %}' },
    });
  });

  it('can come from the input', () => {
    const byPath = RedshiftExpectation.count({ min: JsonPath.numberAt('$.a'), max: JsonPath.numberAt('$.b') });
    expect(requestOf(checkState({ sql: 'select 1', expectation: byPath }))).toMatchObject({
      check: { 'min.$': '$.a', 'max.$': '$.b' },
    });
    expect(() => checkState({ sql: 'select 1', expectation: byPath }, JSONATA)).toThrow(
      /Check: expectation.min: is a JSONPath expression/,
    );
    const byJsonata = RedshiftExpectation.count({ exactly: '{% $states.input.n %}' });
    expect(requestOf(checkState({ sql: 'select 1', expectation: byJsonata }, JSONATA))).toMatchObject({
      check: { equals: '{% $states.input.n %}' },
    });
  });

  it.each<[string, () => unknown, RegExp]>([
    ['no bound', () => RedshiftExpectation.count({}), /expectation: needs exactly, min or max; received \{\}/],
    [
      'two ways',
      () => RedshiftExpectation.value({ exactly: 1, max: 2 }),
      /expectation.max: does not go with exactly; received 2/,
    ],
    [
      'NULL and more',
      () => RedshiftExpectation.value({ isNull: true, exactly: 1 }),
      /expectation.exactly: does not go with isNull/,
    ],
    [
      'bounds that are crossed',
      () => RedshiftExpectation.count({ min: 2, max: 1 }),
      /expectation.min: must not be more than max, which is 1; received 2/,
    ],
    [
      'what is no count',
      () => RedshiftExpectation.count({ min: 0.5 }),
      /expectation.min: must be a whole number, 0 or more; received 0.5/,
    ],
    [
      'text as a count',
      () => RedshiftExpectation.count({ min: '1' }),
      /expectation.min: must be a whole number, .*"1"/,
    ],
    [
      'an object as the value',
      () => RedshiftExpectation.value({ exactly: { a: 1 } }),
      /expectation.exactly: must be text or a number, a boolean, or isNull; received \{"a":1\}/,
    ],
    [
      'null as the value',
      () => RedshiftExpectation.value({ exactly: null }),
      /expectation.exactly: must be .*, or isNull; received null/,
    ],
    [
      'a boolean as a bound',
      () => RedshiftExpectation.value({ min: true }),
      /expectation.min: must be text or a number; received true/,
    ],
    [
      'too large a sample',
      () => RedshiftExpectation.noRows({ sampleRows: 21 }),
      /expectation.sampleRows: must be a whole number from 0 to 20/,
    ],
  ])('is refused with %s', (_what, make, says) => expect(make).toThrow(says));
});

describe('a data check', () => {
  const expectation = RedshiftExpectation.noRows();

  it('always waits', () => {
    expect(checkState({ sql: 'select 1', expectation }).Resource).toMatch(/lambda:invoke.waitForTaskToken$/);
    const integrationPattern = IntegrationPattern.REQUEST_RESPONSE;
    expect(() => checkState({ sql: 'select 1', expectation, integrationPattern })).toThrow(
      /Check: integrationPattern: must be RUN_JOB; received "REQUEST_RESPONSE"/,
    );
  });

  it('is made in both languages, and the validator has nothing against it', () => {
    const stack = newStack();
    const tasker = addTasker(stack);
    const definition = definitionOf(
      stack,
      RedshiftDataCheck.jsonPath(stack, 'A', { tasker, sql: 'select 1', expectation, resultPath: '$.check' }).next(
        RedshiftDataCheck.jsonata(stack, 'B', { tasker, sql: 'select 1', expectation, outputs: '{% 1 %}' }),
      ),
    );
    expect(problemsOf(definition)).toEqual([]);
  });
});
