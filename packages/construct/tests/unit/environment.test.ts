import { ENVIRONMENT, SERVICES } from '@sfn-redshift/shared/names';
import { Duration } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RedshiftTarget, ServerlessWorkgroup } from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { propertiesOf } from '../helpers/readable.ts';
import { newStack, synthesize } from '../helpers/synth.ts';

const variablesOf = (template: Template, id: string) =>
  (propertiesOf(template, 'AWS::Lambda::Function', id)['Environment'] as { Variables: Record<string, string> })
    .Variables;

const { template } = synthesize();
const PREFIX = '90f1837689-${Select 2 of Split ${AWS::StackId} at /}/';

/** Ours, for stack traces that name the source; no handler reads it. */
const NODE = { NODE_OPTIONS: '--enable-source-maps' };

describe('the environment of the invoker', () => {
  it('holds what the invoker reads, and nothing else', () => {
    expect(variablesOf(template, 'TaskerInvoker')).toEqual({
      [ENVIRONMENT.tableName]: '${TaskerTrackingTable629A6F13}',
      [ENVIRONMENT.statementNamePrefix]: PREFIX,
      [ENVIRONMENT.retentionDays]: '14',
      [ENVIRONMENT.targetId]: 'default',
      [ENVIRONMENT.clusterIdentifier]: 'c1',
      [ENVIRONMENT.database]: 'dev',
      [ENVIRONMENT.dbUser]: 'etl',
      [ENVIRONMENT.ownerRoleArn]: '${TaskerInvokerRoleACD144BD.Arn}',
      [ENVIRONMENT.completionQueueUrl]: '${TaskerCompletionQueue26D8B803}',
      [ENVIRONMENT.sweepInterval]: '1 minutes',
      [ENVIRONMENT.metricsNamespace]: 'SfnRedshiftTasker',
      [ENVIRONMENT.serviceName]: SERVICES.invoker,
      ...NODE,
    });
  });

  it('tells how often the sweep runs, if it does', () => {
    const slow = synthesize({ sweep: { interval: Duration.hours(1) } }).template;
    const off = synthesize({ sweep: { enabled: false } }).template;

    expect(variablesOf(slow, 'TaskerInvoker')).toMatchObject({ [ENVIRONMENT.sweepInterval]: '60 minutes' });
    expect(variablesOf(off, 'TaskerInvoker')).not.toHaveProperty(ENVIRONMENT.sweepInterval);
  });

  it('says where statements are to be sent without a comment', () => {
    const variables = (sqlComment: boolean) =>
      variablesOf(synthesize({ invoker: { sqlComment } }).template, 'TaskerInvoker');

    expect(variables(false)).toMatchObject({ [ENVIRONMENT.sqlComment]: 'false' });
    expect(variables(true)).not.toHaveProperty(ENVIRONMENT.sqlComment);
  });

  it('follows recordRetention and metricsNamespace', () => {
    const changed = synthesize({ recordRetention: Duration.hours(144), metricsNamespace: 'Reports/Redshift' }).template;
    expect(variablesOf(changed, 'TaskerInvoker')).toMatchObject({
      [ENVIRONMENT.retentionDays]: '6',
      [ENVIRONMENT.metricsNamespace]: 'Reports/Redshift',
    });
    expect(variablesOf(changed, 'TaskerDrain')).toMatchObject({ [ENVIRONMENT.metricsNamespace]: 'Reports/Redshift' });
  });
});

describe('the environment of the drain', () => {
  it('holds what the drain reads, and nothing else', () => {
    expect(variablesOf(template, 'TaskerDrain')).toEqual({
      [ENVIRONMENT.tableName]: '${TaskerTrackingTable629A6F13}',
      [ENVIRONMENT.statementNamePrefix]: PREFIX,
      [ENVIRONMENT.completionQueueUrl]: '${TaskerCompletionQueue26D8B803}',
      [ENVIRONMENT.maxConcurrency]: '5',
      [ENVIRONMENT.metricsNamespace]: 'SfnRedshiftTasker',
      [ENVIRONMENT.serviceName]: SERVICES.drain,
      ...NODE,
    });
  });

  it('tells how many work at once', () => {
    const changed = synthesize({ completer: { maxConcurrency: 20 } }).template;

    expect(variablesOf(changed, 'TaskerDrain')).toMatchObject({ [ENVIRONMENT.maxConcurrency]: '20' });
  });
});

describe('the environment of the sweep', () => {
  it('holds what the sweep reads, and nothing else', () => {
    expect(variablesOf(template, 'TaskerSweep')).toEqual({
      [ENVIRONMENT.tableName]: '${TaskerTrackingTable629A6F13}',
      [ENVIRONMENT.metricsNamespace]: 'SfnRedshiftTasker',
      [ENVIRONMENT.serviceName]: SERVICES.sweep,
      ...NODE,
    });
  });
});

describe('the environments together', () => {
  it('leave out no variable of the contract', () => {
    const stack = newStack();
    const other = RedshiftTarget.serverlessWithSecret({
      workgroup: ServerlessWorkgroup.fromName('wg1'),
      database: 'dev',
      secret: new Secret(stack, 'Login') as ISecret,
      ownerRole: new Role(stack, 'Owner', { assumedBy: new AccountRootPrincipal() }),
      warehouseKey: new Key(stack, 'Data'),
    });
    const otherwise = synthesize({ target: other, invoker: { sqlComment: false } }, stack).template;
    const set = [template, otherwise].flatMap((one) =>
      ['TaskerInvoker', 'TaskerDrain'].flatMap((id) => Object.keys(variablesOf(one, id))),
    );
    expect([...new Set(set)].sort()).toEqual([...Object.values(ENVIRONMENT), ...Object.keys(NODE)].sort());
  });
});
