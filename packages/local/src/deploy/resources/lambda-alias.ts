import { arnIn } from '../../common/arn.ts';
import { parseFunctionName } from '../../lambda/index.ts';
import type { ResourceType } from '../resource.ts';

/** Letters, digits, hyphens and underscores, and no number: that would be a version. */
const NAME = /^(?![0-9]+$)[\w-]{1,128}$/;

export const lambdaAlias: ResourceType = {
  replacement: ['FunctionName', 'Name'],
  plan: ({ properties }, { account, parts: { lambda } }) => {
    const { name } = parseFunctionName(properties.requiredString('FunctionName'));
    const alias = properties.requiredString('Name');
    if (alias && !NAME.test(alias)) properties.refuse('Name', `must be a name and no number, got ${alias}`);
    const version = properties.requiredString('FunctionVersion');
    properties.withoutEffect('Description');
    const arn = arnIn(account, 'lambda', `function:${name}:${alias}`);
    const put = () => lambda.putAlias(name, alias, version);
    return {
      physicalId: arn,
      attributes: { AliasArn: arn },
      create: put,
      update: put,
      delete: () => lambda.deleteAlias(name, alias),
    };
  },
};
