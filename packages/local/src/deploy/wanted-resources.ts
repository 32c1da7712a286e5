import type { StackArtifact } from './assembly.ts';
import { inOrder } from './ordering.ts';
import { referencesIn } from './references.ts';
import type { TemplateResource } from './template.ts';

/** A resource as its template wants it, nothing of it resolved. */
export interface WantedResource {
  readonly logicalId: string;
  readonly type: string;
  /** Path and type, for messages. */
  readonly where: string;
  /** Logical ids of what must be there before. */
  readonly needs: ReadonlySet<string>;
  readonly template: TemplateResource;
}

/**
 * Without those that their conditions leave out, each after those it needs.
 *
 * @throws CycleError
 */
export const wantedResources = (
  stack: StackArtifact,
  condition: (name: string) => boolean,
): readonly WantedResource[] => {
  const wanted = Object.entries(stack.template.Resources ?? {}).filter(
    ([, { Condition }]) => Condition === undefined || condition(Condition),
  );
  const byId = new Map(
    wanted.map(([logicalId, resource]) => [logicalId, wantedResource(logicalId, resource, stack.pathOf(logicalId))]),
  );
  const needs = new Map([...byId].map(([logicalId, resource]) => [logicalId, resource.needs]));
  return inOrder(needs).map((logicalId) => byId.get(logicalId) as WantedResource);
};

const wantedResource = (logicalId: string, template: TemplateResource, path: string): WantedResource => ({
  logicalId,
  type: template.Type,
  where: `${path} (${template.Type})`,
  needs: new Set([...referencesIn(template.Properties), ...[template.DependsOn ?? []].flat()]),
  template,
});
