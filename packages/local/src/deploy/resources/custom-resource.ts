import { parseArn } from '../../common/arn.ts';
import type { CustomResourceRequest } from '../custom-resources/custom-resources.ts';
import { physicalName } from '../naming.ts';
import type { Properties } from '../properties.ts';
import { stackIdOf } from '../pseudo-parameters.ts';
import type { Ids, ResourceType } from '../resource.ts';

const TIMEOUT_SECONDS = 3600;

/** The names that a template may give to a custom resource's type. */
const TYPE = /^(AWS::CloudFormation::CustomResource|Custom::[\w@-]{1,52})$/;

type Asked = Pick<CustomResourceRequest, 'RequestType' | 'PhysicalResourceId' | 'OldResourceProperties'>;

/** A resource that a function of the account makes, changes and deletes, and that tells by itself what it is known by. */
export const customResource: ResourceType = {
  replacement: [],
  unchangeable: { ServiceToken: 'cannot be changed: Modifying service token is not allowed.' },
  plan: (resource, { account, parts: { customResources } }) => {
    const { logicalId, type, stackName, properties } = resource;
    checkType(type, properties);
    checkToken(properties);
    const timeoutSeconds = properties.integer('ServiceTimeout', { from: 1, to: 3600 }) ?? TIMEOUT_SECONDS;
    // The rest is between the template and the function.
    const values = sent(type, properties.all());
    const inventedId = physicalName(resource, { longest: 255 });
    const ask = async (asked: Asked, signal: AbortSignal): Promise<Ids> => {
      const about = { StackId: stackIdOf(account, stackName), ResourceType: type, LogicalResourceId: logicalId };
      const idIfUnknown = asked.PhysicalResourceId ?? inventedId;
      const answer = await customResources.ask(
        { ...asked, ...about, ResourceProperties: values },
        { idIfUnknown, timeoutSeconds, signal },
      );
      return { physicalId: answer.physicalId, attributes: answer.data };
    };
    return {
      physicalId: inventedId,
      attributes: {},
      isOpen: true,
      create: (signal) => ask({ RequestType: 'Create' }, signal),
      update: ({ physicalId, properties: before }, signal) =>
        ask(
          { RequestType: 'Update', PhysicalResourceId: physicalId, OldResourceProperties: sent(type, before.all()) },
          signal,
        ),
      delete: async ({ physicalId }, signal) =>
        void (await ask({ RequestType: 'Delete', PhysicalResourceId: physicalId }, signal)),
    };
  },
};

/** What the CDK's AwsCustomResource would install from npm: on the stage functions use the clients that are there. */
const INSTALL = 'InstallLatestAwsSdk';

const sent = (type: string, values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  type === 'Custom::AWS' && INSTALL in values ? { ...values, [INSTALL]: false } : values;

const checkType = (type: string, properties: Properties): void => {
  if (!TYPE.test(type))
    properties.refuse(
      'ServiceToken',
      `belongs to a type with an invalid name: Custom:: is followed by up to 52 of A-Z a-z 0-9 _ @ -`,
    );
};

const checkToken = (properties: Properties): void => {
  const token = properties.requiredString('ServiceToken');
  if (parseArn(token)?.service !== 'lambda')
    properties.refuse('ServiceToken', `is supported as the ARN of a Lambda function only, not ${token}`);
};
