import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { readable } from '../helpers/readable.ts';
import { everything } from '../helpers/supplies.ts';
import { addTasker, newApp, synthesize, target } from '../helpers/synth.ts';

const arnsIn = (text: string) => [...text.matchAll(/arn:[^:]+:/g)].map(([arn]) => arn);

describe('partitions', () => {
  it.each([
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws', 'eu-central-1'],
  ])('%s: every ARN of a stack in it is in it', (partition, region) => {
    const app = newApp({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
    const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region } });
    const text = JSON.stringify(readable(synthesize({}, stack).template.toJSON()['Resources']));
    const arns = arnsIn(text);
    expect(arns.length).toBeGreaterThan(5);
    expect(new Set(arns)).toEqual(new Set([`arn:${partition}:`]));
    expect(text).toContain(`"logs.${region}.\${AWS::URLSuffix}"`);
    expect(text).toContain(`dynamodb.${region}.amazonaws.com*`);
  });

  it.each([
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
  ])('%s: so is every ARN of a second target, of a VPC, and of what is supplied', (partition, region) => {
    const app = newApp({ context: { '@aws-cdk/core:enablePartitionLiterals': true } });
    const stack = new Stack(app, 'Stack', { env: { account: '111122223333', region } });
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['a'],
      privateSubnetIds: ['subnet-1'],
    });
    addTasker(stack, { ...everything(stack, new Key(stack, 'Data')), vpc }).addTarget('reports', target);
    const text = JSON.stringify(readable(Template.fromStack(stack).toJSON()['Resources']));
    expect(new Set(arnsIn(text))).toEqual(new Set([`arn:${partition}:`]));
  });

  it('a stack for any partition names none', () => {
    const text = JSON.stringify(readable(synthesize().template.toJSON()['Resources']));
    expect(new Set(arnsIn(text))).toEqual(new Set(['arn:${AWS:']));
    expect(text).not.toMatch(/arn:aws/);
  });
});
