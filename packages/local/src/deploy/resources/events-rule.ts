import { arnIn } from '../../common/arn.ts';
import { compilePattern, parseSchedule, type Rule } from '../../event-bridge/index.ts';
import type { Properties } from '../properties.ts';
import { nameOf, type ResourceType } from '../resource.ts';
import { ruleTarget } from './events-rule-target.ts';

const MOST_TARGETS = 5;

export const eventsRule: ResourceType = {
  replacement: ['EventBusName', 'Name'],
  plan: (resource, { account, parts: { events } }) => {
    const { properties } = resource;
    const name = nameOf(resource, 'Name', { longest: 64 });
    const arn = arnIn(account, 'events', `rule/${name}`);
    const rule: Rule = { name, arn, ...settingsOf(properties), targets: targetsOf(properties) };
    const put = () => events.putRule(rule);
    return {
      physicalId: name,
      attributes: { Arn: arn },
      create: put,
      update: put,
      delete: () => events.deleteRule(name),
    };
  },
};

const settingsOf = (properties: Properties): Omit<Rule, 'name' | 'arn' | 'targets'> => {
  properties.only('EventBusName', 'default');
  properties.only('State', 'ENABLED', 'DISABLED');
  properties.withoutEffect('Tags');
  const pattern = properties.any('EventPattern');
  const schedule = properties.string('ScheduleExpression');
  const description = properties.string('Description');
  if (pattern !== undefined) properties.check('EventPattern', () => compilePattern(pattern));
  if (schedule !== undefined) properties.check('ScheduleExpression', () => parseSchedule(schedule));
  if (!properties.has('EventPattern') && !properties.has('ScheduleExpression'))
    properties.refuse('EventPattern', 'or ScheduleExpression is required');
  return {
    ...(pattern === undefined ? {} : { pattern }),
    ...(schedule === undefined ? {} : { schedule }),
    ...(description === undefined ? {} : { description }),
    enabled: properties.string('State') !== 'DISABLED',
  };
};

const targetsOf = (properties: Properties): Rule['targets'] => {
  const targets = properties.objects('Targets').map(ruleTarget);
  if (targets.length > MOST_TARGETS)
    properties.refuse('Targets', `may name ${MOST_TARGETS} targets, it names ${targets.length}`);
  if (new Set(targets.map(({ id }) => id)).size < targets.length)
    properties.refuse('Targets', 'must have an Id of its own for each target');
  return targets;
};
