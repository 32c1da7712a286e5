import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { LocalStage } from '@sfn-redshift/local';
import { App } from 'aws-cdk-lib';
import { DemoStack } from './demo-stack.ts';
import { brokenExpectations } from './expectations.ts';
import { readOutcome } from './outcome.ts';
import { Screen, seconds } from './screen.ts';
import { callsOf, countsOf, printAirports, printCaught } from './summary.ts';
import { watchExecution } from './watch-execution.ts';

const STACK = 'SfnRedshiftDemo';
const FILES = ['airports.csv', 'flights-airport.csv'];

export interface DemoOptions {
  /** Leave the stage up afterwards, until `signal`. */
  readonly keep: boolean;
  /** Ends the demo at any moment; nothing is left behind. */
  readonly signal: AbortSignal;
}

/**
 * Synthesizes the demo's app, deploys it on a local stage, runs its workflow and shows what happens.
 *
 * @returns the exit code: 0 only when every expectation held
 */
export const runDemo = async ({ keep, signal }: DemoOptions): Promise<number> => {
  const screen = new Screen(process.stdout);
  const directory = await mkdtemp(join(tmpdir(), 'sfn-redshift-demo-'));
  try {
    screen.line('Synthesizing the CDK app and starting the local stage (PostgreSQL, queues, Lambdas) …');
    const assembly = synthesize(join(directory, 'cdk.out'));
    const stage = await LocalStage.deploy(assembly, { signal });
    try {
      const broken = await play(stage, screen, signal);
      for (const sentence of broken) screen.line(`✗ expected: ${sentence}`);
      if (keep) await keepUp(stage, screen, signal);
      return broken.length === 0 ? 0 : 1;
    } finally {
      screen.close();
      await stage.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/** Without the CDK's check of the finished template, which takes seconds to load; a test makes it. */
const synthesize = (outdir: string): string => {
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  new DemoStack(app, STACK);
  return app.synth().directory;
};

const play = async (stage: LocalStage, screen: Screen, signal: AbortSignal): Promise<string[]> => {
  const { BucketName = '', StateMachineArn = '' } = stage.stacks[STACK]?.outputs ?? {};
  const client = { endpoint: stage.endpoint, region: stage.region, credentials: ADMINISTRATOR };
  await upload(new S3Client({ ...client, forcePathStyle: true }), BucketName, signal);
  screen.line(`Running ${StateMachineArn.split(':').at(-1)} …`);
  const startedAt = Date.now();
  const calledBefore = stage.calls.entries().length;
  const sfn = new SFNClient(client);
  const { executionArn = '' } = await sfn.send(new StartExecutionCommand({ stateMachineArn: StateMachineArn }));
  const execution = await watchExecution(sfn, executionArn, (moment) => screen.state(moment), signal);
  screen.close();
  if (execution.status !== 'SUCCEEDED')
    return [`the workflow succeeds; it ended ${execution.status}: ${execution.error} ${execution.cause}`];
  const outcome = readOutcome(execution.output ?? '{}');
  const calls = callsOf(stage.calls.entries().slice(calledBefore));
  const counts = countsOf(calls);
  printAirports(screen, outcome.airports);
  printCaught(screen, outcome);
  const called = [...calls].map(([operation, count]) => `${operation} ${count}`).join(', ');
  screen.line(`${counts.statements} statements, ${counts.callbacks} callbacks, ${seconds(Date.now() - startedAt)}`);
  screen.line(`AWS calls: ${called}`);
  return brokenExpectations(outcome, counts);
};

/** Any keys that the stage has not given out make their bearer the account's administrator. */
const ADMINISTRATOR = { accessKeyId: 'demo', secretAccessKey: 'demo' };

const upload = async (s3: S3Client, bucket: string, signal: AbortSignal): Promise<void> => {
  const data = join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '..', 'data');
  for (const file of FILES) {
    const command = new PutObjectCommand({ Bucket: bucket, Key: file, Body: await readFile(join(data, file)) });
    await s3.send(command, { abortSignal: signal });
  }
  s3.destroy();
};

const keepUp = async (stage: LocalStage, screen: Screen, signal: AbortSignal): Promise<void> => {
  screen.line();
  screen.line('The stage stays up; Ctrl-C ends it. To use it from another terminal:');
  screen.line(`  export AWS_ENDPOINT_URL=${stage.endpoint} AWS_REGION=${stage.region}`);
  screen.line('  export AWS_ACCESS_KEY_ID=demo AWS_SECRET_ACCESS_KEY=demo');
  screen.line(`State machine: ${stage.stacks[STACK]?.outputs.StateMachineArn}`);
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
};
