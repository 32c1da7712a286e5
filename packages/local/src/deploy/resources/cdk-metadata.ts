import type { ResourceType } from '../resource.ts';

/** What the CDK tells AWS about the constructs in use; it makes nothing. */
export const cdkMetadata: ResourceType = ({ logicalId, properties }) => {
  properties.withoutEffect('Analytics');
  return { physicalId: logicalId, attributes: {}, create: () => undefined };
};
