import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import {
  RedshiftTarget,
  ServerlessWorkgroup,
  type SfnRedshiftTaskerProps,
  TaskerEncryption,
} from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';
import { newDirectory } from '../helpers/directories.ts';
import { everything, handlerRole } from '../helpers/supplies.ts';
import { addTasker, recommendedFlags } from '../helpers/synth.ts';

const ACKNOWLEDGED = 'aws:cdk:acknowledged-rules';

interface Finding {
  readonly ruleName: string;
  readonly violatingConstructs: { readonly constructPath: string }[];
}

/** What cdk-nag finds in a stack that is filled so: rule and path. */
const findingsIn = (fill: (stack: Stack) => void, flags: Record<string, unknown> = {}): string[] => {
  const outdir = newDirectory('cdk-nag');
  const app = new App({
    outdir,
    builtinCloudFormationValidation: false,
    context: { ...flags, '@aws-cdk/core:failSynthOnValidationErrors': false },
  });
  fill(new Stack(app, 'Stack'));
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  app.synth();
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: { violations: Finding[] }[];
  };
  const findings = report.pluginReports.flatMap(({ violations }) => violations);
  return findings
    .flatMap(({ ruleName, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => `${constructPath} ${ruleName}`),
    )
    .sort();
};

const acknowledgements = (stack: Stack): string[] =>
  stack.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === ACKNOWLEDGED)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([rule, reason]) => `${node.path} ${rule.replace('Annotation::', '')}: ${reason}`),
  );

describe('cdk-nag AwsSolutions', () => {
  const choices: [string, Partial<SfnRedshiftTaskerProps>][] = [
    ['a key of its own', {}],
    ['AWS-owned keys', { encryption: TaskerEncryption.AWS_OWNED }],
  ];

  it.each(choices)('finds nothing in a tasker with %s', (_choice, props) => {
    expect(findingsIn((stack) => addTasker(stack, props))).toEqual([]);
  });

  describe('finds nothing in a tasker with a target that is', () => {
    const cluster = { clusterIdentifier: 'c1', database: 'dev' };
    const byName = { workgroup: ServerlessWorkgroup.fromName('wg1'), database: 'dev' };
    const ownerOf = (stack: Stack) => new Role(stack, 'Owner', { assumedBy: new AccountRootPrincipal() });
    const importedSecret = (stack: Stack) => Secret.fromSecretNameV2(stack, 'Login', 'login');
    const arn = 'arn:aws:redshift-serverless:eu-west-1:111122223333:workgroup/1';
    const targets: [string, (stack: Stack) => RedshiftTarget][] = [
      ['a cluster with the IAM identity', () => RedshiftTarget.clusterWithIamIdentity(cluster)],
      [
        'a cluster with a secret and a key',
        (stack) =>
          RedshiftTarget.clusterWithSecret({
            ...cluster,
            secret: importedSecret(stack),
            warehouseKey: new Key(stack, 'Data', { enableKeyRotation: true }),
          }),
      ],
      ['a workgroup by name', () => RedshiftTarget.serverless(byName)],
      [
        'a workgroup by ARN with a secret',
        (stack) =>
          RedshiftTarget.serverlessWithSecret({
            workgroup: ServerlessWorkgroup.fromArn(arn),
            database: 'dev',
            secret: importedSecret(stack),
          }),
      ],
      [
        'entered as an owner role',
        (stack) => RedshiftTarget.cluster({ ...cluster, dbUser: 'etl', ownerRole: ownerOf(stack) }),
      ],
      [
        'a workgroup by name, entered as an owner role',
        (stack) => RedshiftTarget.serverless({ ...byName, ownerRole: ownerOf(stack) }),
      ],
    ];

    it.each(targets)('%s', (_what, makeTarget) => {
      expect(findingsIn((stack) => addTasker(stack, { target: makeTarget(stack) }))).toEqual([]);
    });

    it('a workgroup by name, beside which nothing but that is acknowledged', () => {
      const findings = (fill: (stack: Stack) => void) =>
        findingsIn((stack) => {
          fill(stack);
          forgetAcknowledgements(stack);
        });
      const usual = findings((stack) => addTasker(stack));
      const wider = findings((stack) => addTasker(stack, { target: RedshiftTarget.serverless(byName) }));
      expect(wider.filter((finding) => !usual.includes(finding))).toEqual([
        'Stack/Tasker/InvokerRole/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:redshift-serverless:<AWS::Region>:<AWS::AccountId>:workgroup/*]',
      ]);
    });
  });

  describe('finds nothing of a tasker', () => {
    const key = (stack: Stack) => new Key(stack, 'Data', { enableKeyRotation: true });
    const vpc = (stack: Stack) =>
      Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-1',
        availabilityZones: ['a'],
        privateSubnetIds: ['subnet-1'],
        privateSubnetRouteTableIds: ['rtb-1'],
      });
    const reports = RedshiftTarget.cluster({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'reports' });
    const durableFunction = (stack: Stack) =>
      LambdaFunction.fromFunctionArn(stack, 'F', 'arn:aws:lambda:eu-west-1:111122223333:function:f');
    const group = (stack: Stack, id: string) => ({ logGroup: LogGroup.fromLogGroupName(stack, id, id) });
    const choices: [string, (stack: Stack) => unknown][] = [
      ['that is given everything', (stack) => addTasker(stack, everything(stack, key(stack)))],
      [
        'with imported log groups',
        (stack) =>
          addTasker(stack, { invoker: group(stack, 'a'), completer: group(stack, 'b'), sweep: group(stack, 'c') }),
      ],
      ['in a VPC', (stack) => addTasker(stack, { vpc: vpc(stack) })],
      [
        'in a VPC, with a second target and all that can be given',
        (stack) => {
          const tasker = addTasker(stack, { ...everything(stack, key(stack)), vpc: vpc(stack) });
          tasker.addTarget('reports', reports, { ...group(stack, 'd'), role: handlerRole(stack, 'Reporting') });
        },
      ],
      ['with further targets', (stack) => addTasker(stack).addTarget('reports', reports)],
      ['with a durable function', (stack) => addTasker(stack).addDurableFunction(durableFunction(stack))],
    ];

    it.each(choices)('%s', (_what, fill) => {
      const findings = findingsIn(fill).filter((finding) => !/Stack\/(Table|Dead\w+)\/Resource/.test(finding));
      expect(findings).toEqual([]);
    });
  });

  it('finds nothing in a tasker whose stack names account and region', () => {
    const env = { account: '111122223333', region: 'eu-west-1' };
    expect(findingsIn((stack) => addTasker(new Stack(stack, 'Inner', { env })))).toEqual([]);
  });

  it('finds nothing with every feature flag of a new app', () => {
    const env = { account: '111122223333', region: 'cn-north-1' };
    expect(findingsIn((stack) => addTasker(stack), recommendedFlags())).toEqual([]);
    expect(findingsIn((stack) => addTasker(new Stack(stack, 'Inner', { env })), recommendedFlags())).toEqual([]);
  });

  it('finds a plain queue beside a tasker', () => {
    const findings = findingsIn((stack) => {
      addTasker(stack);
      new Queue(stack, 'Plain');
    });
    expect(findings).toEqual(['Stack/Plain/Resource AwsSolutions-SQS3', 'Stack/Plain/Resource AwsSolutions-SQS4']);
  });

  it('would find exactly what is acknowledged', () => {
    const findings = findingsIn((stack) => {
      addTasker(stack);
      forgetAcknowledgements(stack);
    });
    expect(findings).toEqual([
      'Stack/Tasker/DrainRole/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:*]',
      'Stack/Tasker/InvokerRole/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::*]',
      'Stack/Tasker/InvokerRole/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:*]',
      'Stack/Tasker/RuleDeadLetterQueue/Resource AwsSolutions-SQS3',
      'Stack/Tasker/SweepRole/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:*]',
      'Stack/Tasker/SweepRole/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:stateMachine:*]',
      'Stack/Tasker/TrackingTable/Resource AwsSolutions-DDB3',
    ]);
  });

  it('is told why for each acknowledgement', () => {
    const explained: string[] = [];
    findingsIn((stack) => {
      addTasker(stack);
      explained.push(...acknowledgements(stack));
    });
    expect(explained).toEqual([
      expect.stringMatching(/^Stack\/Tasker\/TrackingTable AwsSolutions-DDB3: Rows are state in flight/),
      expect.stringMatching(/RuleDeadLetterQueue AwsSolutions-SQS3: This is a dead-letter queue/),
      expect.stringMatching(/DrainRole AwsSolutions-IAM5\[Resource::arn:.*stateMachine:\*\]: Any state machine/),
      expect.stringMatching(/SweepRole AwsSolutions-IAM5\[Resource::arn:.*stateMachine:\*\]: Any state machine/),
      expect.stringMatching(/SweepRole AwsSolutions-IAM5\[Resource::arn:.*execution:\*\]: Any execution/),
      expect.stringMatching(/InvokerRole AwsSolutions-IAM5\[Resource::\*\]: .* know no resource/),
      expect.stringMatching(/InvokerRole AwsSolutions-IAM5\[Resource::arn:.*stateMachine:\*\]: Any state machine/),
    ]);
  });
});

/** Takes back every acknowledgement, to see what nag would have found. */
const forgetAcknowledgements = (stack: Stack): void => {
  for (const { node } of stack.node.findAll()) {
    const kept = node.metadata.filter(({ type }) => type !== ACKNOWLEDGED);
    Object.defineProperty(node, 'metadata', { value: kept });
  }
};
