import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { DefinitionBody, type IChainable, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { SfnRedshiftTasker } from 'sfn-redshift-tasker';
import type { Machine, Scenario } from './scenario.ts';
import { addTaskers, type Taskers } from './taskers.ts';

export const STACK = 'Scenarios';
export const TASKERS = ['First', 'Narrow'] as const;

/** Synthesizes the stack in which the scenarios run; the directory of the assembly. */
export const synthesizeScenarios = (outdir: string, scenarios: readonly Scenario[]): string => {
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  const stack = new Stack(app, STACK);
  const taskers = addTaskers(stack);
  for (const machine of new Set(scenarios.flatMap(({ machines = [] }) => machines)))
    addMachine(stack, machine, taskers);
  output(stack, 'InvokerName', taskers.first.invoker.functionName);
  addOutputs(stack, 'First', taskers.first);
  addOutputs(stack, 'Narrow', taskers.narrow);
  return app.synth().directory;
};

const addMachine = (stack: Stack, { name, define }: Machine, taskers: Taskers): void => {
  const made = define(stack, taskers);
  const bodyOf = (does: IChainable) => DefinitionBody.fromChainable(does);
  const machine = made instanceof StateMachine ? made : new StateMachine(stack, name, { definitionBody: bodyOf(made) });
  output(stack, `${name}Arn`, machine.stateMachineArn);
};

/** What the checks after a scenario look at. */
const addOutputs = (stack: Stack, name: (typeof TASKERS)[number], tasker: SfnRedshiftTasker): void => {
  output(stack, `${name}Table`, tasker.table.tableName);
  output(stack, `${name}Queue`, tasker.completionQueue.queueUrl);
  output(stack, `${name}CompletionDeadLetters`, tasker.completionDeadLetterQueue.queueUrl);
  output(stack, `${name}InvokerDeadLetters`, tasker.invokerDeadLetterQueue.queueUrl);
  output(stack, `${name}RuleDeadLetters`, tasker.ruleDeadLetterQueue.queueUrl);
};

const output = (stack: Stack, name: string, value: string): CfnOutput => new CfnOutput(stack, name, { value });
