import { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { readable } from '../helpers/readable.ts';
import { newApp, synthesize } from '../helpers/synth.ts';

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

  it('a stack for any partition names none', () => {
    const text = JSON.stringify(readable(synthesize().template.toJSON()['Resources']));
    expect(new Set(arnsIn(text))).toEqual(new Set(['arn:${AWS:']));
    expect(text).not.toMatch(/arn:aws/);
  });
});
