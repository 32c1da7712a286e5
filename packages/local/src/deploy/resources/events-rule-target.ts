import { parseArn } from '../../common/arn.ts';
import {
  isKnownTarget,
  needsRole,
  parseTargetInput,
  type RuleTarget,
  type TargetInput,
} from '../../event-bridge/index.ts';
import type { Properties } from '../properties.ts';

const TARGET_ID = /^[.\-_A-Za-z0-9]{1,64}$/;

/** What a rule's target is, and what it gets. */
export const ruleTarget = (target: Properties): RuleTarget => {
  const id = target.requiredString('Id');
  if (id !== '' && !TARGET_ID.test(id)) target.refuse('Id', `must be up to 64 of . - _ A-Z a-z 0-9, got ${id}`);
  const arn = target.requiredString('Arn');
  const roleArn = target.string('RoleArn');
  if (arn !== '' && !isKnownTarget(arn))
    target.refuse('Arn', `is supported for SQS queues, functions and state machines only, not ${arn}`);
  if (needsRole(arn) && !target.has('RoleArn')) target.refuse('RoleArn', `is required for target ${arn}`);
  const input = inputOf(id, target);
  return {
    id,
    arn,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(input === undefined ? {} : { input }),
    ...deliverySettings(target),
  };
};

const inputOf = (id: string, target: Properties): TargetInput | undefined => {
  const transformer = target.object('InputTransformer');
  const fields = {
    Input: target.string('Input'),
    InputPath: target.string('InputPath'),
    InputTransformer: transformer && {
      InputPathsMap: textsOf(transformer.object('InputPathsMap')),
      InputTemplate: transformer.requiredString('InputTemplate'),
    },
  };
  const given = Object.entries(fields).filter(([, field]) => field !== undefined);
  const [name = 'Input'] = given.at(-1) ?? [];
  let input: TargetInput | undefined;
  target.check(name, () => {
    input = parseTargetInput(id, fields);
  });
  return input;
};

const textsOf = (map: Properties | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(map?.names().map((name) => [name, map.string(name) ?? '']) ?? []);

const deliverySettings = (target: Properties): Omit<RuleTarget, 'id' | 'arn'> => {
  const config = target.object('DeadLetterConfig');
  const deadLetterArn = config?.string('Arn');
  if (deadLetterArn !== undefined && parseArn(deadLetterArn)?.service !== 'sqs')
    config?.refuse('Arn', `must be that of an SQS queue, got ${deadLetterArn}`);
  const retry = target.object('RetryPolicy');
  const maximumRetryAttempts = retry?.integer('MaximumRetryAttempts', { from: 0, to: 185 });
  const maximumEventAgeInSeconds = retry?.integer('MaximumEventAgeInSeconds', { from: 60, to: 86_400 });
  return {
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    ...(maximumRetryAttempts === undefined ? {} : { maximumRetryAttempts }),
    ...(maximumEventAgeInSeconds === undefined ? {} : { maximumEventAgeInSeconds }),
  };
};
