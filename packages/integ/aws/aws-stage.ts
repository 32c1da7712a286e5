import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { reasonOf } from '../runner/play-scenarios.ts';
import { CouldNotRunError, type Deployed, type Run, type Stage } from '../runner/stage.ts';
import { aftermathOf } from '../scenarios/aftermath.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { ScenarioStacks } from '../scenarios/scenario-stacks.ts';
import { accountOf } from './account.ts';
import { type AwsAssembly, synthesizeAwsApp } from './aws-app.ts';
import { type AwsGround, awsGround } from './aws-ground.ts';
import { type ClientOptions, type Clients, makeClients } from './clients.ts';
import type { Deployment, StackOutputs } from './deployment.ts';
import { estimate, estimateLines } from './estimate.ts';
import { probeOn } from './probe/probe-on.ts';
import { stacksOfScenarios } from './stacks-of-scenarios.ts';
import type { TargetChoice } from './target-choice.ts';
import { type Standing, tearDown } from './teardown.ts';
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
    await agree(assembly, scenarios, options, run, parts);
    const outputs = await carryOut(assembly, options, run, parts);
    return deployedIn({ outputs, assembly, directory, clients, options, run, parts, leave });
  } catch (error) {
    leave();
    throw error;
  }
};

interface Account {
  readonly outputs: StackOutputs;
  readonly assembly: AwsAssembly;
  /** For what scenarios deploy. */
  readonly directory: string;
  readonly clients: Clients;
  readonly options: AwsStageOptions;
  readonly run: Run;
  readonly parts: AwsParts;
  /** Removes what stands on this machine. */
  readonly leave: () => void;
}

const deployedIn = ({ outputs, assembly, directory, clients, options, run, parts, leave }: Account): Deployed => {
  const { scenarioStack, probeStack, target } = assembly;
  const { signal, say } = run;
  const { deployment } = parts;
  const told = outputs[scenarioStack] ?? {};
  const { name, probe, keep } = options;
  const stacks = stacksOfScenarios({ name, directory, serviceToken: told.ServiceToken ?? '', deployment });
  const ground = awsGround(told, { ...parts, clients, stacks, options: parts.clients, signal });
  const ofProbe = { outputs: outputs[probeStack] ?? {}, target, clients, ground, run, parts };
  const remove = () => tearDown({ assembly, ofScenarios: stacks }, { keep, say, deployment });
  return {
    ground,
    recover: () => recover(ground, stacks),
    ...(probe !== undefined && { finish: () => probeOn(ofProbe, probe) }),
    teardown: () => cancelled(ground, say).then(remove).finally(leave),
  };
};

/** What runs on a warehouse that stays would run on, and stacks would wait for it. */
const cancelled = async (ground: AwsGround, say: Run['say']): Promise<void> => {
  await ground.cancelAll().catch((error: unknown) => say(`statements not cancelled: ${reasonOf(error)}`));
  ground.destroy();
};

/** Cancels what runs, deletes what was deployed, and waits until all that is open is closed. */
const recover = async (ground: AwsGround, stacks: ScenarioStacks): Promise<void> => {
  await ground.cancelAll();
  await stacks.removeAll();
  await aftermathOf(ground, new Set(), 0);
};

/** Shows what it is going to be, and asks. */
const agree = async (
  { stacks }: AwsAssembly,
  scenarios: readonly Scenario[],
  { target, name }: AwsStageOptions,
  { say }: Run,
  { confirm }: AwsParts,
): Promise<void> => {
  say('To be deployed:');
  for (const [stack, resources] of stacks) say(`  ${stack}: ${sum([...resources.values()])} resources`);
  const deploying = scenarios.filter((scenario) => scenario.stacks !== undefined);
  for (const stack of new Set(deploying.flatMap((scenario) => scenario.stacks ?? [])))
    say(`  ${name}-${stack}-…: custom resources, one stack after the other, as scenarios are played`);
  const resources = new Map<string, number>();
  for (const ofStack of stacks.values())
    for (const [type, count] of ofStack) resources.set(type, (resources.get(type) ?? 0) + count);
  const size = { target, scenarios: scenarios.length, deploying: deploying.length, resources };
  for (const line of estimateLines(estimate(size), target)) say(line);
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
    const standing: Standing = { assembly, ofScenarios: undefined };
    const { keep } = options;
    const remove = () => tearDown(standing, { keep, say: run.say, deployment: parts.deployment });
    await remove().catch((left: unknown) => run.say(reasonOf(left)));
    throw run.signal.aborted ? error : new CouldNotRunError(reasonOf(error));
  }
};
