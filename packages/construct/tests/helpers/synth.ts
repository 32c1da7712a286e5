import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { App, type AppProps, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RedshiftTarget, SfnRedshiftTasker, type SfnRedshiftTaskerProps } from 'sfn-redshift-tasker';
import { newDirectory } from './directories.ts';

/** An app that leaves nothing behind, without the slow check of the finished template. */
export const newApp = (props: AppProps = {}): App =>
  new App({ outdir: newDirectory('cdk-out'), builtinCloudFormationValidation: false, ...props });

/** An app whose finished templates the CDK checks, what it finds being an error: otherwise that is a warning. */
export const newCheckedApp = (): App =>
  newApp({ builtinCloudFormationValidation: true, context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });

/** The feature flags that `cdk init` gives a new app. */
export const recommendedFlags = (): Record<string, unknown> =>
  JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve('aws-cdk-lib/recommended-feature-flags.json'), 'utf8'),
  ) as Record<string, unknown>;

export const newStack = (id = 'Stack', props: StackProps = {}): Stack => new Stack(newApp(), id, props);

export const target = RedshiftTarget.cluster({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl' });

export const addTasker = (stack: Stack, props: Partial<SfnRedshiftTaskerProps> = {}, id = 'Tasker') =>
  new SfnRedshiftTasker(stack, id, { target, ...props });

/** A stack with one tasker and its template. */
export const synthesize = (props: Partial<SfnRedshiftTaskerProps> = {}, stack = newStack()) => {
  const tasker = addTasker(stack, props);
  return { stack, tasker, template: Template.fromStack(stack) };
};
