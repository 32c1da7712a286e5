import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type CallRecord, LocalStage } from '@sfn-redshift/local';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { DefinitionBody, type IChainable, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { RedshiftTarget, SfnRedshiftTasker, type SfnRedshiftTaskerProps } from 'sfn-redshift-tasker';

const STACK = 'Scenarios';

/** State machines by name: what each does with the tasker, or the whole machine where it needs more than that. */
export type Machines = Readonly<Record<string, (scope: Stack, tasker: SfnRedshiftTasker) => IChainable | StateMachine>>;

type FunctionRole = 'Invoker' | 'Drain' | 'Sweep';

export interface TestStage {
  readonly stage: LocalStage;
  /** Outputs of the stack: `<Name>Arn` of each machine, and what the tasker has made. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly dynamodb: DynamoDBClient;
  readonly logs: CloudWatchLogsClient;
  /** Calls that the deployed functions made since `mark`, by function: `Operation` in order. */
  callsOf(role: FunctionRole, since: number): string[];
  /** Now, as far as the record of calls goes. */
  mark(): number;
  /** Deploys the same stack anew, its tasker changed. The outputs that were read before must still hold. */
  update(props: TaskerProps, alter?: Alteration): Promise<void>;
  close(): Promise<void>;
}

/** Props, or what makes them of something in the same stack. */
export type TaskerProps = Partial<SfnRedshiftTaskerProps> | ((stack: Stack) => Partial<SfnRedshiftTaskerProps>);

/** What becomes of the stack beyond the tasker's props. */
export type Alteration = (stack: Stack, tasker: SfnRedshiftTasker) => void;

/** For what would come out otherwise, or be counted wrongly, where the sweep looked at statements too. */
export const WITHOUT_SWEEP: TaskerProps = { sweep: { enabled: false } };

/** Synthesizes a stack of one tasker and some state machines, and deploys its template on a stage of its own. */
export const startTestStage = async (
  machines: Machines,
  props: TaskerProps = {},
  alteration?: Alteration,
): Promise<TestStage> => {
  const directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-integ-'));
  let rounds = 0;
  // Each assembly has a directory of its own, as what was deployed before may have to come back.
  const synthesizeNext = (next: TaskerProps, alter?: Alteration) =>
    synthesize(join(directory, `cdk.out-${(rounds += 1)}`), machines, next, alter);
  const stage = await LocalStage.deploy(synthesizeNext(props, alteration)).catch((error: unknown) => {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = { endpoint: stage.endpoint, region: stage.region, credentials };
  const clients = {
    sfn: new SFNClient(client),
    sqs: new SQSClient(client),
    lambda: new LambdaClient(client),
    dynamodb: new DynamoDBClient(client),
    logs: new CloudWatchLogsClient(client),
  };
  return {
    stage,
    outputs: stage.stacks[STACK]?.outputs ?? {},
    ...clients,
    mark: () => stage.calls.entries().length,
    callsOf: (role, since) =>
      stage.calls
        .entries()
        .slice(since)
        .filter((record) => isOfFunction(record, role))
        .map(({ operation }) => operation),
    update: (next, alter) => stage.update(synthesizeNext(next, alter)),
    close: async () => {
      for (const sdk of Object.values(clients)) sdk.destroy();
      await stage.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

/** What the function itself called: not Lambda's polling and log writing under the same role. */
const isOfFunction = ({ caller, service, operation }: CallRecord, role: string): boolean =>
  caller.type === 'role' &&
  caller.roleArn.includes(`Tasker${role}Role`) &&
  service !== 'logs' &&
  !POLLING.includes(operation);

const POLLING = ['ReceiveMessage', 'DeleteMessage', 'DeleteMessageBatch', 'GetQueueAttributes'];

const synthesize = (outdir: string, machines: Machines, props: TaskerProps, alter?: Alteration): string => {
  const app = new App({
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
  const stack = new Stack(app, STACK);
  const tasker = new SfnRedshiftTasker(stack, 'Tasker', {
    target: RedshiftTarget.cluster({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl' }),
    ...(typeof props === 'function' ? props(stack) : props),
  });
  alter?.(stack, tasker);
  addMachines(stack, tasker, machines);
  output(stack, 'QueueUrl', tasker.completionQueue.queueUrl);
  output(stack, 'DeadLetterQueueUrl', tasker.completionDeadLetterQueue.queueUrl);
  output(stack, 'TableName', tasker.table.tableName);
  output(stack, 'InvokerName', tasker.invoker.functionName);
  output(stack, 'SweepName', tasker.sweep.functionName);
  output(stack, 'SweepLogGroup', tasker.sweep.logGroup.logGroupName);
  output(stack, 'DrainLogGroup', tasker.drain.logGroup.logGroupName);
  return app.synth().directory;
};

const addMachines = (stack: Stack, tasker: SfnRedshiftTasker, machines: Machines): void => {
  for (const [name, chain] of Object.entries(machines)) {
    const made = chain(stack, tasker);
    const definitionBody = (does: IChainable) => DefinitionBody.fromChainable(does);
    const machine =
      made instanceof StateMachine ? made : new StateMachine(stack, name, { definitionBody: definitionBody(made) });
    output(stack, `${name}Arn`, machine.stateMachineArn);
  }
};

const output = (stack: Stack, name: string, value: string): CfnOutput => new CfnOutput(stack, name, { value });
