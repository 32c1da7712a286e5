import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { reasonOf } from '../runner/play-scenarios.ts';
import { CouldNotRunError, type Deployed, type Run, type Stage } from '../runner/stage.ts';
import { aftermathOf } from '../scenarios/aftermath.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { accountOf } from './account.ts';
import { type AwsAssembly, synthesizeAwsApp } from './aws-app.ts';
import { type AwsGround, awsGround } from './aws-ground.ts';
import { type ClientOptions, type Clients, makeClients } from './clients.ts';
import type { Deployment, StackOutputs } from './deployment.ts';
import { estimate, estimateLines } from './estimate.ts';
import { probeOn } from './probe/probe-on.ts';
import type { TargetChoice } from './target-choice.ts';
import type { Timing } from './timing.ts';

export interface AwsStageOptions {
  readonly target: TargetChoice;
  /** Leave what was deployed. */
  readonly keep: boolean;
  /** Where the answers of the probe go, which is not deployed without. */
  readonly probe: string | undefined;
  /** Unique among all runs in the account: lower-case letters, digits and hyphens, a letter first. */
  readonly name: string;
}

/** What a run on AWS is made of. */
export interface AwsParts {
  readonly clients: ClientOptions;
  readonly deployment: Deployment;
  /** Whether to go on. */
  readonly confirm: (question: string) => Promise<boolean>;
  readonly timing: Timing;
  /** The Data API that stands beside the endpoint, where that has none. */
  readonly dataApi?: { readonly url: string; readonly client: RedshiftDataClient };
}

const LACKS = {
  clock: 'time passes as it does: it takes hours, or statements that last exactly so long',
  faults: 'nothing can make AWS fail on request',
  scripts: 'what becomes of a statement is up to the warehouse',
} as const;

/** An AWS account, or what looks like one. */
export const awsStage = (options: AwsStageOptions, parts: AwsParts): Stage => ({
  name: 'aws',
  lacks: LACKS,
  deploy: (scenarios, run) => deploy(scenarios, run, options, parts),
});

const deploy = async (
  scenarios: readonly Scenario[],
  run: Run,
  options: AwsStageOptions,
  parts: AwsParts,
): Promise<Deployed> => {
  const clients = makeClients(parts.clients);
  const directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-aws-'));
  const leave = () => {
    clients.destroy();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const account = await accountOf(clients.sts);
    run.say(`Account ${account.id}, region ${account.region}`);
    const { target, name, probe } = options;
    const dataApiUrl = parts.dataApi?.url;
    const outdir = join(directory, 'cdk.out');
    const assembly = synthesizeAwsApp({ outdir, name, target, scenarios, dataApiUrl, withProbe: probe !== undefined });
    await agree(assembly, scenarios.length, options, run, parts);
    const outputs = await carryOut(assembly, options, run, parts);
    return deployedIn({ outputs, assembly, clients, options, run, parts, leave });
  } catch (error) {
    leave();
    throw error;
  }
};

interface Account {
  readonly outputs: StackOutputs;
  readonly assembly: AwsAssembly;
  readonly clients: Clients;
  readonly options: AwsStageOptions;
  readonly run: Run;
  readonly parts: AwsParts;
  /** Removes what stands on this machine. */
  readonly leave: () => void;
}

const deployedIn = ({ outputs, assembly, clients, options, run, parts, leave }: Account): Deployed => {
  const { scenarioStack, probeStack, target } = assembly;
  const { signal } = run;
  const ground = awsGround(outputs[scenarioStack] ?? {}, { ...parts, clients, options: parts.clients, signal });
  const { probe } = options;
  const ofProbe = { outputs: outputs[probeStack] ?? {}, target, clients, ground, run, parts };
  return {
    ground,
    recover: () => recover(ground),
    ...(probe !== undefined && { finish: () => probeOn(ofProbe, probe) }),
    teardown: () => removeAll(ground, assembly, options, run, parts).finally(leave),
  };
};

/** What runs on a warehouse that stays would run on. */
const removeAll = async (ground: AwsGround, ...rest: Parameters<typeof tearDown>): Promise<void> => {
  const [, , { say }] = rest;
  await ground.cancelAll().catch((error: unknown) => say(`statements not cancelled: ${reasonOf(error)}`));
  ground.destroy();
  await tearDown(...rest);
};

/** Cancels what runs, and waits until all that is open is closed. */
const recover = async (ground: AwsGround): Promise<void> => {
  await ground.cancelAll();
  await aftermathOf(ground, new Set(), 0);
};

/** Shows what it is going to be, and asks. */
const agree = async (
  { stacks }: AwsAssembly,
  scenarios: number,
  { target }: AwsStageOptions,
  { say }: Run,
  { confirm }: AwsParts,
): Promise<void> => {
  say('To be deployed:');
  for (const [name, resources] of stacks) say(`  ${name}: ${sum([...resources.values()])} resources`);
  const resources = new Map<string, number>();
  for (const ofStack of stacks.values())
    for (const [type, count] of ofStack) resources.set(type, (resources.get(type) ?? 0) + count);
  for (const line of estimateLines(estimate({ target, scenarios, resources }), target)) say(line);
  if (!(await confirm('Deploy this?'))) throw new CouldNotRunError('nothing was deployed, as you did not agree');
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** What a deployment leaves that fails or is ended is taken away, too. */
const carryOut = async (
  assembly: AwsAssembly,
  options: AwsStageOptions,
  run: Run,
  parts: AwsParts,
): Promise<StackOutputs> => {
  try {
    return await parts.deployment.deploy(assembly.directory, run);
  } catch (error) {
    run.say(`${run.signal.aborted ? 'Ended' : 'The deployment failed'}: taking away what there is of it …`);
    await tearDown(assembly, options, run, parts).catch((left: unknown) => run.say(reasonOf(left)));
    throw run.signal.aborted ? error : new CouldNotRunError(reasonOf(error));
  }
};

const tearDown = async (
  { directory, stacks }: AwsAssembly,
  { keep }: AwsStageOptions,
  { say }: Run,
  { deployment }: AwsParts,
): Promise<void> => {
  const commands = [...stacks.keys()].reverse().map((name) => `aws cloudformation delete-stack --stack-name ${name}`);
  const remove = commands.join(' && ');
  if (keep) {
    say(`Kept. To remove it: ${remove}`);
    return;
  }
  try {
    await deployment.destroy(directory, say);
  } catch (error) {
    throw new Error(`${reasonOf(error)}; to remove what is left: ${remove}`, { cause: error });
  }
};
