import type { TemplateResource } from './template.ts';

/** What a resource may say of itself beside its properties. */
const ATTRIBUTES = new Set([
  'Condition',
  'DeletionPolicy',
  'DependsOn',
  'Description',
  'Metadata',
  'Properties',
  'Type',
  'UpdateReplacePolicy',
]);

/** There are no snapshots here: what would leave one is deleted. */
const DELETION_POLICIES = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'];
const REPLACE_POLICIES = ['Delete', 'Retain', 'Snapshot'];

export const checkAttributes = (resource: TemplateResource, refuse: (reason: string) => void): void => {
  const { DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete' } = resource;
  for (const name of Object.keys(resource)) if (!ATTRIBUTES.has(name)) refuse(`attribute ${name} is not supported`);
  if (!DELETION_POLICIES.includes(DeletionPolicy))
    refuse(`DeletionPolicy is one of ${DELETION_POLICIES.join(', ')}, not ${DeletionPolicy}`);
  if (!REPLACE_POLICIES.includes(UpdateReplacePolicy))
    refuse(`UpdateReplacePolicy is one of ${REPLACE_POLICIES.join(', ')}, not ${UpdateReplacePolicy}`);
};
