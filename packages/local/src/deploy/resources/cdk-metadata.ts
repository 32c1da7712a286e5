import type { ResourceType } from '../resource.ts';

/** What the CDK tells AWS about the constructs in use; it makes nothing. */
export const cdkMetadata: ResourceType = {
  replacement: [],
  plan: ({ logicalId, properties }) => {
    properties.withoutEffect('Analytics');
    const nothing = () => undefined;
    return { physicalId: logicalId, attributes: {}, create: nothing, update: nothing, delete: nothing };
  },
};
