import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as kms from '@aws-sdk/client-kms';
import * as lambda from '@aws-sdk/client-lambda';
import * as redshiftData from '@aws-sdk/client-redshift-data';
import * as sfn from '@aws-sdk/client-sfn';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, it } from 'vitest';
import { SDK_SERVICES, type SdkService } from '../../../src/step-functions/integrations/sdk-services.ts';

const CLIENTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  cloudwatchlogs: logs,
  dynamodb,
  eventbridge,
  kms,
  lambda,
  redshiftdata: redshiftData,
  sfn,
  sqs,
  sts,
};

/** Small letters that the stage takes no part in: tags of CreateQueue, policies of AssumeRole, ECS as a target. */
const NOT_TAKEN = [
  'arn',
  'awsvpcConfiguration',
  'base',
  'capacityProvider',
  'expression',
  'field',
  'tags',
  'type',
  'weight',
];

interface Member {
  readonly name: string;
  /** 0 for members of the input or output itself. */
  readonly depth: number;
  readonly schema: NormalizedSchema;
}

/** All members of a structure and of what is within it, as the SDK's own model has them. */
const membersOf = (schema: NormalizedSchema, depth = 0, above: readonly string[] = []): readonly Member[] => {
  if (schema.isListSchema()) return membersOf(schema.getValueSchema(), depth, above);
  if (!schema.isStructSchema() || above.includes(schema.getName(true) ?? '')) return [];
  const names = [...above, schema.getName(true) ?? ''];
  return [...schema.structIterator()].flatMap(([name, member]) => [
    { name, depth, schema: member },
    ...membersOf(member, depth + 1, names),
  ]);
};

const schemasOf = (client: string, operation: string): { input: NormalizedSchema; output: NormalizedSchema } => {
  const schema = CLIENTS[client]?.[`${operation}$`] as readonly [9, string, string, unknown, unknown, unknown];
  const of = (part: unknown) => NormalizedSchema.of(part as () => never);
  return { input: of(schema[4]), output: of(schema[5]) };
};

const all = (client: string, { operations }: SdkService, part: 'input' | 'output') =>
  operations.flatMap((operation) => membersOf(schemasOf(client, operation)[part]));

const namesOf = (members: readonly Member[]): readonly string[] => [...new Set(members.map(({ name }) => name))].sort();

describe.each([...SDK_SERVICES])('The table of SDK integrations for %s', (client, service) => {
  it('lists operations that the SDK has', () => {
    expect(service.operations.filter((operation) => CLIENTS[client]?.[`${operation}$`] === undefined)).toEqual([]);
  });

  it('knows every point in time', () => {
    const times = all(client, service, 'output').filter(({ schema }) => schema.isTimestampSchema());

    expect(namesOf(times).filter((name) => !service.times?.includes(name))).toEqual([]);
  });

  it('takes nothing for a point in time that is none', () => {
    const others = all(client, service, 'output').filter(
      ({ schema }) => schema.isNumericSchema() || schema.isStringSchema(),
    );

    expect(namesOf(others).filter((name) => service.times?.includes(name))).toEqual([]);
  });

  it('knows which names begin with a small letter', () => {
    const members = [...all(client, service, 'input'), ...all(client, service, 'output')];
    const small = members.filter(({ name }) => /^[a-z]/.test(name));

    if (service.camelCase === 'everywhere') expect(small).toHaveLength(members.length);
    else if (service.camelCase === 'nested') expect(small.every(({ depth }) => depth > 0)).toBe(true);
    else expect(namesOf(small).filter((name) => !NOT_TAKEN.includes(name))).toEqual([]);
  });

  it('knows every map whose keys are data, where names are changed', () => {
    if (service.camelCase === undefined) return;
    const maps = [...all(client, service, 'input'), ...all(client, service, 'output')].filter(({ schema }) =>
      schema.isMapSchema(),
    );

    expect(namesOf(maps).filter((name) => !service.maps?.includes(name))).toEqual([]);
  });
});
