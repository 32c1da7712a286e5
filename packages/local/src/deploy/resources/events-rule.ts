import { arnIn, parseArn } from '../../common/arn.ts';
import { compilePattern, type RuleTarget } from '../../event-bridge/index.ts';
import type { Properties } from '../properties.ts';
import { nameOf, type ResourceType } from '../resource.ts';

export const eventsRule: ResourceType = {
  replacement: ['EventBusName', 'Name'],
  plan: (resource, { account, parts: { events } }) => {
    const { properties } = resource;
    const name = nameOf(resource, 'Name', { longest: 64 });
    const arn = arnIn(account, 'events', `rule/${name}`);
    properties.only('EventBusName', 'default');
    properties.only('State', 'ENABLED', 'DISABLED');
    properties.withoutEffect('Description', 'Tags');
    const pattern = properties.any('EventPattern');
    properties.check('EventPattern', () => compilePattern(pattern));
    const enabled = properties.string('State') !== 'DISABLED';
    const targets = properties.objects('Targets').map(targetOf);
    const put = () => events.putRule({ name, arn, pattern, enabled, targets });
    return {
      physicalId: name,
      attributes: { Arn: arn },
      create: put,
      update: put,
      delete: () => events.deleteRule(name),
    };
  },
};

const targetOf = (target: Properties): RuleTarget => {
  const id = target.requiredString('Id');
  const arn = target.requiredString('Arn');
  if (parseArn(arn)?.service !== 'sqs') target.refuse('Arn', `is supported for SQS queues only, not ${arn}`);
  return { id, arn, ...deliverySettings(target) };
};

const deliverySettings = (target: Properties): Omit<RuleTarget, 'id' | 'arn'> => {
  const deadLetterArn = target.object('DeadLetterConfig')?.string('Arn');
  const retry = target.object('RetryPolicy');
  const maximumRetryAttempts = retry?.integer('MaximumRetryAttempts', { from: 0, to: 185 });
  const maximumEventAgeInSeconds = retry?.integer('MaximumEventAgeInSeconds', { from: 60, to: 86_400 });
  return {
    ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    ...(maximumRetryAttempts === undefined ? {} : { maximumRetryAttempts }),
    ...(maximumEventAgeInSeconds === undefined ? {} : { maximumEventAgeInSeconds }),
  };
};
