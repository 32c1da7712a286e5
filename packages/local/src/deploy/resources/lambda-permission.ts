import { type FunctionPermission, FunctionPolicies, parseFunctionName } from '../../lambda/index.ts';
import { physicalName } from '../naming.ts';
import type { Properties } from '../properties.ts';
import type { ResourceType } from '../resource.ts';

const LONGEST_STATEMENT_ID = 100;
const ACTION = /^(?:lambda:[*]|lambda:[a-zA-Z]+|[*])$/;

export const lambdaPermission: ResourceType = {
  // A statement is never changed on AWS either.
  replacement: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
  plan: (resource, { account, parts }) => {
    const { properties } = resource;
    const statementId = physicalName(resource, { longest: LONGEST_STATEMENT_ID });
    const target = parseFunctionName(properties.requiredString('FunctionName'));
    const permission: FunctionPermission = {
      statementId,
      target,
      action: actionOf(properties),
      principal: properties.requiredString('Principal'),
      ...sourceOf(properties),
    };
    if (permission.principal !== '') properties.check('Principal', () => new FunctionPolicies(account).add(permission));
    return {
      physicalId: statementId,
      attributes: { Id: statementId },
      create: () => parts.lambda.addPermission(permission),
      update: () => undefined,
      delete: () => parts.lambda.removePermission(target, statementId),
    };
  },
};

const actionOf = (properties: Properties): string => {
  const action = properties.requiredString('Action');
  if (!ACTION.test(action)) properties.refuse('Action', `must be lambda:OPERATION, lambda:* or *, got ${action}`);
  if (action === 'lambda:InvokeFunctionUrl')
    properties.refuse('Action', 'lambda:InvokeFunctionUrl is not supported: functions have no URLs here');
  return action;
};

const sourceOf = (properties: Properties): Pick<FunctionPermission, 'sourceArn' | 'sourceAccount'> => {
  const sourceArn = properties.string('SourceArn');
  const sourceAccount = properties.string('SourceAccount');
  return {
    ...(sourceArn === undefined ? {} : { sourceArn }),
    ...(sourceAccount === undefined ? {} : { sourceAccount }),
  };
};
