import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  Alias,
  Code,
  type IFunction,
  type IVersion,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { propertiesOf, readable } from '../helpers/readable.ts';
import { addTasker, newApp, newStack } from '../helpers/synth.ts';

const nightlyIn = (stack: Stack, id = 'Nightly') =>
  new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => undefined;'),
    durableConfig: { executionTimeout: Duration.days(2), retentionPeriod: Duration.days(7) },
  });

/** Statements of the policies below the durable function, by the handler whose role they are attached to. */
const policiesOf = (template: Template) =>
  Object.fromEntries(
    Object.entries(template.findResources('AWS::IAM::Policy')).flatMap(([id, policy]) => {
      const [, handler] = /SfnRedshiftTasker[0-9a-f]{8}(Drain|Sweep)Policy/.exec(id) ?? [];
      if (handler === undefined) return [];
      const { PolicyDocument, Roles } = (readable(policy) as { Properties: Properties }).Properties;
      return [[handler, { statements: PolicyDocument.Statement, roles: Roles }]];
    }),
  );

interface Properties {
  readonly PolicyDocument: { readonly Statement: readonly object[] };
  readonly Roles?: readonly string[];
}

const ANSWER = ['lambda:SendDurableExecutionCallbackFailure', 'lambda:SendDurableExecutionCallbackSuccess'];
const answer = (actions: string[], Resource: string) => ({
  Sid: 'AnswerDurableFunction',
  Effect: 'Allow',
  Action: actions,
  Resource,
});

describe('a durable function', () => {
  it('is answered by drain and sweep, whatever version of it runs, and asked by the sweep', () => {
    const stack = newStack();
    const nightly = nightlyIn(stack);
    addTasker(stack).addDurableFunction(nightly);

    const executions = '${NightlyC44EE0A7.Arn}:*';
    expect(policiesOf(Template.fromStack(stack))).toEqual({
      Drain: { statements: [answer(ANSWER, executions)], roles: [expect.stringMatching(/^\$\{TaskerDrainRole/)] },
      Sweep: {
        statements: [answer([...ANSWER, 'lambda:SendDurableExecutionCallbackHeartbeat'], executions)],
        roles: [expect.stringMatching(/^\$\{TaskerSweepRole/)],
      },
    });
  });

  it('may invoke the invoker', () => {
    const stack = newStack();
    addTasker(stack).addDurableFunction(nightlyIn(stack));

    const { PolicyDocument } = propertiesOf(
      Template.fromStack(stack),
      'AWS::IAM::Policy',
      'NightlyServiceRoleDefaultPolicy',
    );
    expect(PolicyDocument).toMatchObject({
      Statement: [
        {
          Action: 'lambda:InvokeFunction',
          Resource: ['${TaskerInvokerA0BC959E.Arn}:$LATEST', '${TaskerInvokerA0BC959E.Arn}'],
        },
      ],
    });
  });

  it('with a key lets them decrypt', () => {
    const stack = newStack();
    const durableKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/1');
    addTasker(stack).addDurableFunction(nightlyIn(stack), { durableKey });

    const decrypt = { Sid: 'ReadDurableState', Effect: 'Allow', Action: 'kms:Decrypt', Resource: durableKey.keyArn };
    for (const { statements } of Object.values(policiesOf(Template.fromStack(stack)))) {
      expect(statements[1]).toEqual(decrypt);
    }
  });

  it.each(['an alias', 'a version'])('may be given as %s', (what) => {
    const stack = newStack();
    const version = nightlyIn(stack).currentVersion as IVersion;
    const qualified = what === 'a version' ? version : new Alias(stack, 'Live', { aliasName: 'live', version });
    addTasker(stack).addDurableFunction(qualified as IFunction);

    const { Drain } = policiesOf(Template.fromStack(stack));
    expect(Drain?.statements).toMatchObject([{ Resource: '${NightlyC44EE0A7.Arn}:*' }]);
  });

  it('may be imported, and serve two taskers', () => {
    const stack = newStack();
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:nightly';
    const nightly = LambdaFunction.fromFunctionArn(stack, 'Nightly', arn);
    addTasker(stack).addDurableFunction(nightly);
    addTasker(stack, {}, 'Other').addDurableFunction(nightly);

    const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy', {
      Properties: { PolicyDocument: { Statement: [Match.objectLike({ Resource: `${arn}:*` })] } },
    });
    expect(Object.keys(policies)).toHaveLength(4);
    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('must be allowed lambda:InvokeFunction on Stack/Other/Invoker'),
    );
  });

  it('may be of a stack that needs that of the tasker', () => {
    const app = newApp();
    const [one, other] = [new Stack(app, 'One'), new Stack(app, 'Other')];
    const tasker = addTasker(one);
    const nightly = nightlyIn(other);
    nightly.addEnvironment('INVOKER', tasker.invoker.functionName);

    tasker.addDurableFunction(nightly);

    expect(Object.keys(policiesOf(Template.fromStack(other)))).toEqual(['Drain', 'Sweep']);
    expect(one.dependencies).toEqual([]);
  });

  it('is answered by supplied roles, too; of what cannot be given to them a warning tells', () => {
    const stack = newStack();
    const role = Role.fromRoleArn(stack, 'Mine', 'arn:aws:iam::111122223333:role/mine', { mutable: false });
    const sweep = new Role(stack, 'Sweeping', { assumedBy: new AccountRootPrincipal() });
    addTasker(stack, { completer: { role }, sweep: { role: sweep } }).addDurableFunction(nightlyIn(stack));

    Annotations.fromStack(stack).hasWarning(
      '*',
      Match.stringLikeRegexp('completer.role: its policy cannot be changed from here.*SendDurableExecutionCallback'),
    );
    expect(policiesOf(Template.fromStack(stack))['Sweep']?.roles).toEqual([expect.stringContaining('Sweeping')]);
  });

  it('is refused as a version by its ARN, and a second time', () => {
    const stack = newStack();
    const tasker = addTasker(stack);
    const live = LambdaFunction.fromFunctionArn(stack, 'Live', 'arn:aws:lambda:eu-west-1:111122223333:function:f:live');
    const nightly = nightlyIn(stack);
    tasker.addDurableFunction(nightly);

    expect(() => tasker.addDurableFunction(live)).toThrow(
      /^addDurableFunction\.durableFunction: must be a function, not a version or an alias by its ARN; received "arn:.*:f:live"$/,
    );
    expect(() => tasker.addDurableFunction(nightly.currentVersion as IFunction)).toThrow(
      'addDurableFunction.durableFunction: must be one that was not added before; received "Stack/Nightly"',
    );
  });
});
