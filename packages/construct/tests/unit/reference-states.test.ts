import { IntegrationPattern, JsonPath, QueryLanguage } from 'aws-cdk-lib/aws-stepfunctions';
import {
  RedshiftCancelStatement,
  type RedshiftCancelStatementOptions,
  RedshiftGetStatementResult,
  type RedshiftGetStatementResultOptions,
  RedshiftStatement,
} from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { definitionOf, problemsOf, stateMaker } from '../helpers/states.ts';
import { addTasker, newStack, target } from '../helpers/synth.ts';

const { JSONATA } = QueryLanguage;

const resultState = stateMaker<RedshiftGetStatementResultOptions>((tasker, scope, props) =>
  tasker.getStatementResult(scope, 'Read', props),
);
const cancelState = stateMaker<RedshiftCancelStatementOptions>((tasker, scope, props) =>
  tasker.cancelStatement(scope, 'Cancel', props),
);

describe('a state that reads a result', () => {
  it('invokes the function itself, whose answer is its result', () => {
    const state = resultState({ statement: RedshiftStatement.withId(JsonPath.stringAt('$.detail.statementId')) });
    expect(state).toMatchObject({ Resource: expect.stringMatching(/^<TaskerInvoker.*\.Arn>$/), TimeoutSeconds: 1200 });
    expect(state.Parameters).toEqual({
      action: 'getStatementResult',
      contractVersion: 1,
      'statementId.$': '$.detail.statementId',
    });
  });

  it('reads on from a page', () => {
    const nextToken = '{% $states.input.NextToken %}';
    expect(resultState({ statement: RedshiftStatement.latest(), nextToken }, JSONATA).Arguments).toEqual({
      action: 'getStatementResult',
      contractVersion: 1,
      statementId: 'LATEST',
      executionArn: '{% $states.context.Execution.Id %}',
      nextToken,
    });
  });
});

describe('a state that cancels', () => {
  it('names the newest statement of a state', () => {
    expect(cancelState({ statement: RedshiftStatement.latestOfState('Load') }).Parameters).toEqual({
      action: 'cancelStatement',
      contractVersion: 1,
      statementId: 'LATEST',
      'executionArn.$': '$$.Execution.Id',
      state: 'Load',
    });
  });

  it('repeats what another attempt may change', () => {
    const { Retry } = cancelState({ statement: RedshiftStatement.latest() });
    expect(Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).toContain('ThrottlingException');
    const alone = cancelState({ statement: RedshiftStatement.latest(), retryOnServiceExceptions: false });
    expect(alone).not.toHaveProperty('Retry');
  });

  it('is made of a further target as of the tasker', () => {
    const stack = newStack();
    const reports = addTasker(stack).addTarget('reports', target);
    const read = reports.getStatementResult(stack, 'Read', { statement: RedshiftStatement.latest() });
    const { States } = definitionOf(
      stack,
      read.next(reports.cancelStatement(stack, 'Cancel', { statement: RedshiftStatement.latest() })),
    );
    expect(States['Read']?.Resource).toMatch(/^<TaskerTargetsreportsInvoker/);
    expect(States['Cancel']?.Resource).toMatch(/^<TaskerTargetsreportsInvoker/);
  });
});

describe('jsonPath() and jsonata()', () => {
  it('make states that the validator has nothing against', () => {
    const stack = newStack();
    const tasker = addTasker(stack);
    const statement = RedshiftStatement.latest();
    const definition = definitionOf(
      stack,
      RedshiftGetStatementResult.jsonPath(stack, 'A', { tasker, statement, resultPath: '$.page' })
        .next(RedshiftGetStatementResult.jsonata(stack, 'B', { tasker, statement, outputs: '{% 1 %}' }))
        .next(RedshiftCancelStatement.jsonPath(stack, 'C', { tasker, statement }))
        .next(RedshiftCancelStatement.jsonata(stack, 'D', { tasker, statement })),
    );
    expect(problemsOf(definition)).toEqual([]);
    expect(Object.values(definition.States).map(({ QueryLanguage: language }) => language)).toEqual([
      undefined,
      'JSONata',
      undefined,
      'JSONata',
    ]);
  });
});

describe('bad input is refused, by the name of the property', () => {
  it.each<[string, () => unknown, RegExp]>([
    [
      'an id of the other language',
      () => resultState({ statement: RedshiftStatement.withId(JsonPath.stringAt('$.id')) }, JSONATA),
      /Read: statement: is a JSONPath expression/,
    ],
    [
      'a name of the other language',
      () => cancelState({ statement: RedshiftStatement.latestOfState('{% $states.input.name %}') }),
      /Cancel: statement.stateName: is a JSONata expression/,
    ],
    [
      'a page of the other language',
      () => resultState({ statement: RedshiftStatement.latest(), nextToken: JsonPath.stringAt('$.t') }, JSONATA),
      /Read: nextToken: is a JSONPath expression/,
    ],
    [
      'a pattern that waits',
      () => cancelState({ statement: RedshiftStatement.latest(), integrationPattern: IntegrationPattern.RUN_JOB }),
      /Cancel: integrationPattern: must be REQUEST_RESPONSE; received "RUN_JOB"/,
    ],
  ])('%s', (_what, make, says) => expect(make).toThrow(says));
});
