import { MAX_PREFIX_LENGTH } from '@sfn-redshift/shared/names';
import { Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { propertiesOf, readable } from '../helpers/readable.ts';
import { addTasker, newApp, newStack, recommendedFlags, synthesize, target } from '../helpers/synth.ts';

describe('logical ids', () => {
  // A changed id replaces the resource: open statements would be forgotten, messages lost, data unreadable.
  const STABLE = {
    'AWS::DynamoDB::Table': ['TaskerTrackingTable629A6F13'],
    'AWS::Events::Rule': ['TaskerCompletionRule87C65C27', 'TaskerExecutionRule916CB765', 'TaskerSweepSchedule968ED03E'],
    'AWS::IAM::Role': ['TaskerDrainRoleDAC58A97', 'TaskerInvokerRoleACD144BD', 'TaskerSweepRole13C5001C'],
    'AWS::KMS::Key': ['TaskerKeyAC13F5CA'],
    'AWS::Lambda::EventSourceMapping': ['TaskerDrainCompletionEventSource627BE6FF'],
    'AWS::Lambda::Function': ['TaskerDrainE88B8A1D', 'TaskerInvokerA0BC959E', 'TaskerSweepB36639FE'],
    'AWS::Logs::LogGroup': [
      'TaskerDrainLogGroupC252C592',
      'TaskerInvokerLogGroup1B4C2845',
      'TaskerSweepLogGroup8826F2AA',
    ],
    'AWS::SQS::Queue': [
      'TaskerCompletionDeadLetterQueueD93756B7',
      'TaskerCompletionQueue26D8B803',
      'TaskerInvokerDeadLetterQueue026A206C',
      'TaskerRuleDeadLetterQueue235EA9D4',
    ],
  };
  const idsIn = (template: Template) =>
    Object.fromEntries(
      Object.keys(STABLE).map((type) => [type, Object.keys(template.findResources(type)).sort()] as const),
    );

  it('never change', () => {
    expect(idsIn(synthesize().template)).toEqual(STABLE);
  });

  it('are the same with every feature flag of a new app', () => {
    const flagged = new Stack(newApp({ context: recommendedFlags() }), 'Stack');
    expect(idsIn(synthesize({}, flagged).template)).toEqual(STABLE);
  });

  it('stay when a target is added, and those of the target are its own id', () => {
    const stack = newStack();
    addTasker(stack).addTarget('reports', target);
    const {
      'AWS::IAM::Role': roles,
      'AWS::Lambda::Function': functions,
      'AWS::Logs::LogGroup': logs,
      ...others
    } = idsIn(Template.fromStack(stack));
    expect(others).toEqual(Object.fromEntries(Object.entries(STABLE).filter(([type]) => type in others)));
    expect(roles).toEqual([...STABLE['AWS::IAM::Role'], 'TaskerTargetsreportsInvokerRole14A93167']);
    expect(functions).toEqual([...STABLE['AWS::Lambda::Function'], 'TaskerTargetsreportsInvoker2E5F37F9']);
    expect(logs).toEqual([...STABLE['AWS::Logs::LogGroup'], 'TaskerTargetsreportsInvokerLogGroupC9E46C14']);
  });

  it('stay when the stack moves into a stage', () => {
    const staged = new Stack(new Stage(newApp(), 'Production'), 'Stack');
    expect(idsIn(synthesize({}, staged).template)).toEqual(STABLE);
  });
});

describe('the prefix of statement names', () => {
  const prefixOf = (stack: Stack, id = 'Tasker') =>
    String(readable(stack.resolve(addTasker(stack, {}, id).statementNamePrefix)));

  it('is a hash of the path below the stack and the GUID of the deployed stack, ended by a separator', () => {
    expect(prefixOf(newStack())).toBe('90f1837689-${Select 2 of Split ${AWS::StackId} at /}/');
  });

  it('fits what the contract allows once deployed', () => {
    const deployed = prefixOf(newStack()).replace(/\$\{.*\}/, '0'.repeat(36));
    expect(deployed).toMatch(/^[0-9a-f]{10}-0{36}\/$/);
    expect(deployed.length).toBeLessThanOrEqual(MAX_PREFIX_LENGTH);
  });

  it('differs between two taskers of one stack, and neither begins the other', () => {
    const stack = newStack();
    const prefixes = [prefixOf(stack, 'Tasker'), prefixOf(stack, 'Tasker2'), prefixOf(stack, 'Task')];
    expect(new Set(prefixes).size).toBe(3);
    for (const prefix of prefixes) {
      expect(prefixes.filter((other) => other.startsWith(prefix))).toEqual([prefix]);
    }
  });

  it('differs between constructs of one name on different paths', () => {
    const stack = newStack();
    const left = addTasker(new Construct(stack, 'Left') as Stack);
    const right = addTasker(new Construct(stack, 'Right') as Stack);
    expect(stack.resolve(left.statementNamePrefix)).not.toEqual(stack.resolve(right.statementNamePrefix));
  });

  it('differs between two stacks by the GUID only that CloudFormation gives each', () => {
    const app = newApp();
    expect(prefixOf(new Stack(app, 'One'))).toBe(prefixOf(new Stack(app, 'Two')));
    expect(prefixOf(new Stack(app, 'Three'))).toContain('${AWS::StackId}');
  });

  it('stays when the stack moves into a stage or gets another id', () => {
    const app = newApp();
    const before = prefixOf(new Stack(app, 'Stack'));
    expect(prefixOf(new Stack(new Stage(app, 'Production'), 'Stack'))).toBe(before);
    expect(prefixOf(new Stack(new Stage(app, 'Staging'), 'Other'))).toBe(before);
  });

  it('is the same in the rule, in both functions and on the construct', () => {
    const { stack, tasker, template } = synthesize();
    const prefix = readable(stack.resolve(tasker.statementNamePrefix));
    expect(propertiesOf(template, 'AWS::Events::Rule', 'TaskerCompletionRule')).toMatchObject({
      EventPattern: { detail: { statementName: [{ prefix }] } },
    });
    for (const id of ['TaskerDrain', 'TaskerInvoker']) {
      expect(propertiesOf(template, 'AWS::Lambda::Function', id)).toMatchObject({
        Environment: { Variables: { SFN_REDSHIFT_STATEMENT_NAME_PREFIX: prefix } },
      });
    }
  });
});
