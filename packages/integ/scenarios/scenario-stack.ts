import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { DefinitionBody, type IChainable, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { SfnRedshiftTasker } from 'sfn-redshift-tasker';
import type { Machine, Scenario } from './scenario.ts';
import { addTaskers, type TaskerProps, type Taskers } from './taskers.ts';

export const STACK = 'Scenarios';
export const TASKERS = ['First', 'Narrow'] as const;

/** What of the stack is up to where it is deployed. */
export interface ScenarioStackOptions {
  /** @default STACK */
  readonly name?: string;
  /** @default a cluster that need not exist */
  readonly taskers?: TaskerProps;
}

/** Synthesizes the stack in which the scenarios run; the directory of the assembly. */
export const synthesizeScenarios = (outdir: string, scenarios: readonly Scenario[]): string => {
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  addScenarioStack(app, scenarios);
  return app.synth().directory;
};

/** A stack with two taskers and the machines of these scenarios. */
export const addScenarioStack = (
  app: App,
  scenarios: readonly Scenario[],
  { name = STACK, taskers: props }: ScenarioStackOptions = {},
): { readonly stack: Stack; readonly taskers: Taskers } => {
  const stack = new Stack(app, name);
  const taskers = addTaskers(stack, props);
  for (const machine of new Set(scenarios.flatMap(({ machines = [] }) => machines)))
    addMachine(stack, machine, taskers);
  output(stack, 'InvokerName', taskers.first.invoker.functionName);
  output(stack, 'OtherInvokerName', taskers.other.invoker.functionName);
  output(stack, 'ServiceToken', taskers.first.serviceToken);
  addOutputs(stack, 'First', taskers.first);
  addOutputs(stack, 'Narrow', taskers.narrow);
  return { stack, taskers };
};

const addMachine = (stack: Stack, { name, define }: Machine, taskers: Taskers): void => {
  const made = define(stack, taskers);
  const bodyOf = (does: IChainable) => DefinitionBody.fromChainable(does);
  const machine = made instanceof StateMachine ? made : new StateMachine(stack, name, { definitionBody: bodyOf(made) });
  output(stack, `${name}Arn`, machine.stateMachineArn);
};

/** What the checks after a scenario look at. */
const addOutputs = (stack: Stack, name: (typeof TASKERS)[number], tasker: SfnRedshiftTasker): void => {
  output(stack, `${name}StatementNamePrefix`, tasker.statementNamePrefix);
  output(stack, `${name}Table`, tasker.table.tableName);
  output(stack, `${name}Queue`, tasker.completionQueue.queueUrl);
  output(stack, `${name}CompletionDeadLetters`, tasker.completionDeadLetterQueue.queueUrl);
  output(stack, `${name}InvokerDeadLetters`, tasker.invokerDeadLetterQueue.queueUrl);
  output(stack, `${name}RuleDeadLetters`, tasker.ruleDeadLetterQueue.queueUrl);
};

const output = (stack: Stack, name: string, value: string): CfnOutput => new CfnOutput(stack, name, { value });
