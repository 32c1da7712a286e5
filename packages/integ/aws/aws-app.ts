import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { RedshiftTarget, ServerlessWorkgroup } from 'sfn-redshift-tasker';
import type { Scenario } from '../scenarios/scenario.ts';
import { addScenarioStack } from '../scenarios/scenario-stack.ts';
import type { Taskers } from '../scenarios/taskers.ts';
import { addProbeStack } from './probe/probe-stack.ts';
import type { TargetChoice } from './target-choice.ts';
import { addWarehouse, type MadeWarehouse } from './warehouse-stack.ts';

export interface AwsAppOptions {
  readonly outdir: string;
  /** Begins the names of all that is made. */
  readonly name: string;
  readonly target: TargetChoice;
  readonly scenarios: readonly Scenario[];
  /** Where the functions find the Data API, if not at AWS's endpoint. */
  readonly dataApiUrl: string | undefined;
  readonly withProbe: boolean;
}

/** What is going to be deployed. */
export interface AwsAssembly {
  readonly directory: string;
  readonly scenarioStack: string;
  readonly probeStack: string;
  /** Where statements run, also where that is made for the run. */
  readonly target: MadeWarehouse['target'];
  /** Resources by type, for each stack. */
  readonly stacks: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Synthesizes all that a run needs. The stacks are of whatever account and region they are deployed to. */
export const synthesizeAwsApp = ({ name, target, scenarios, ...options }: AwsAppOptions): AwsAssembly => {
  const app = new App({ outdir: options.outdir, analyticsReporting: false });
  const made = isMade(target) ? addWarehouse(app, `${name}-warehouse`, name, target.kind) : undefined;
  const known = made?.target ?? (target as MadeWarehouse['target']);
  const targets = { target: redshiftTarget(known), otherTarget: identityTarget(known) };
  const taskers = { ...targets, removalPolicy: RemovalPolicy.DESTROY };
  const { stack, taskers: built } = addScenarioStack(app, scenarios, { name, taskers });
  letInspect(stack, built);
  if (options.dataApiUrl !== undefined) leadTo(options.dataApiUrl, built);
  const probeStack = `${name}-probe`;
  const others = [stack, ...(options.withProbe ? [addProbeStack(app, probeStack)] : [])];
  if (made !== undefined) for (const other of others) other.addStackDependency(made.stack);
  const { directory } = app.synth();
  const names = [...(made === undefined ? [] : [made.stack]), ...others].map(({ stackName }) => stackName);
  const stacks = new Map(names.map((stack) => [stack, resourcesOf(directory, stack)]));
  return { directory, scenarioStack: name, probeStack, target: known, stacks };
};

type MadeChoice = Extract<TargetChoice, { readonly kind: 'create-cluster' | 'create-serverless' }>;

const isMade = (target: TargetChoice): target is MadeChoice =>
  target.kind === 'create-cluster' || target.kind === 'create-serverless';

export const redshiftTarget = (target: MadeWarehouse['target']): RedshiftTarget => {
  if (target.kind === 'cluster') return RedshiftTarget.cluster(target);
  const { workgroupName, database } = target;
  return RedshiftTarget.serverless({ workgroup: ServerlessWorkgroup.fromName(workgroupName), database });
};

/** The same warehouse, entered as a user that is named by the role, so that none has to be created. */
const identityTarget = (target: MadeWarehouse['target']): RedshiftTarget => {
  if (target.kind !== 'cluster') return redshiftTarget(target);
  const { clusterIdentifier, database } = target;
  return RedshiftTarget.clusterWithIamIdentity({ clusterIdentifier, database });
};

/** Statements are shown to the role that owns them alone: whoever plays the scenarios acts as it to see them. */
const letInspect = (stack: Stack, { first, other, narrow }: Taskers): void => {
  for (const [name, { invoker }] of Object.entries({ First: first, Other: other, Narrow: narrow })) {
    const role = invoker.role as Role;
    const trust = new PolicyStatement({ principals: [new AccountRootPrincipal()], actions: ['sts:AssumeRole'] });
    role.assumeRolePolicy?.addStatements(trust);
    new CfnOutput(stack, `${name}OwnerRoleArn`, { value: role.roleArn });
  }
};

/** As the AWS SDK reads it. */
const leadTo = (url: string, { first, other, narrow }: Taskers): void => {
  for (const { invoker, drain, sweep } of [first, { ...first, invoker: other.invoker }, narrow])
    for (const handler of [invoker, drain, sweep]) handler.addEnvironment('AWS_ENDPOINT_URL_REDSHIFT_DATA', url);
};

const resourcesOf = (directory: string, stack: string): ReadonlyMap<string, number> => {
  const template = JSON.parse(readFileSync(join(directory, `${stack}.template.json`), 'utf8')) as {
    readonly Resources?: Readonly<Record<string, { readonly Type: string }>>;
  };
  const types = Object.values(template.Resources ?? {}).map(({ Type }) => Type);
  return new Map([...Map.groupBy(types, (type) => type)].map(([type, all]) => [type, all.length]));
};
