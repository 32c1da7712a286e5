import { arnIn } from '../../common/arn.ts';
import { parseFunctionName } from '../../lambda/index.ts';
import { resourceUuid } from '../naming.ts';
import type { ResourceType } from '../resource.ts';

/** A version is the function as it is when the version is made; templates that want another one, as the CDK's do, give it another id. */
export const lambdaVersion: ResourceType = {
  replacement: ['Description', 'FunctionName'],
  plan: (resource, { account, parts: { lambda } }) => {
    const { properties } = resource;
    const { name } = parseFunctionName(properties.requiredString('FunctionName'));
    properties.withoutEffect('Description');
    const version = lambda.numberOfVersion(name, resourceUuid(resource));
    const arn = arnIn(account, 'lambda', `function:${name}:${version}`);
    return {
      physicalId: arn,
      attributes: { FunctionArn: arn, Version: version },
      create: () => lambda.publishVersion(name, version),
      update: () => undefined,
      delete: () => lambda.deleteVersion(name, version),
    };
  },
};
