import { CustomResource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { propertiesOf, resourceOf } from '../helpers/readable.ts';
import { addTasker, newStack } from '../helpers/synth.ts';

describe('the service token', () => {
  const stack = newStack();
  const tasker = addTasker(stack);
  new CustomResource(stack, 'Made', { serviceToken: tasker.serviceToken, resourceType: 'Custom::Sql' });
  const template = Template.fromStack(stack);
  const all = Object.entries(template.toJSON()['Resources'] as Record<string, { DependsOn?: string | string[] }>);

  it("is the invoker's ARN, by an expression that comes after all else of the tasker", () => {
    expect(propertiesOf(template, 'Custom::Sql', 'Made')['ServiceToken']).toMatch(
      /^\$\{Select 0 of \$\{TaskerInvoker[0-9A-F]{8}\.Arn\},\$\{TaskerInvokerFailures[0-9A-F]{8}\}\}$/,
    );
  });

  it('brings the dependency on every resource of the tasker along', () => {
    const others = all.map(([id]) => id).filter((id) => id !== 'Made' && !id.startsWith('TaskerInvokerFailures'));
    const { DependsOn } = resourceOf(template, 'AWS::Lambda::EventInvokeConfig', 'TaskerInvokerFailures');
    expect([...((DependsOn as string[] | undefined) ?? [])].sort()).toEqual(others.sort());
  });

  it('is made after what is given to the tasker later, by whom it concerns, without a cycle', () => {
    const other = newStack('Other');
    const { serviceToken, completionQueue } = addTasker(other);
    const made = new CustomResource(other, 'Made', { serviceToken });
    new Queue(other, 'After').node.addDependency(made);
    expect(Stack.of(completionQueue)).toBe(other);
    expect(() => Template.fromStack(other)).not.toThrow();
  });
});

describe('asynchronous invocations that Lambda has given up', () => {
  it('are told to the drain, besides the dead-letter queue', () => {
    const stack = newStack();
    addTasker(stack);
    const template = Template.fromStack(stack);
    expect(propertiesOf(template, 'AWS::Lambda::EventInvokeConfig', 'TaskerInvokerFailures')).toMatchObject({
      Qualifier: '$LATEST',
      DestinationConfig: { OnFailure: { Destination: expect.stringMatching(/^\$\{TaskerCompletionQueue\w+\.Arn\}$/) } },
    });
  });
});
