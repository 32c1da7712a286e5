import { createHash } from 'node:crypto';

const hashOf = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex');

export interface NameRules {
  /** Longest name that the service takes. */
  readonly longest: number;
  /** What the service does with capitals, as S3. */
  readonly lowerCase?: boolean;
}

/** What the names and ids of a resource are made from. */
export interface Named {
  readonly stackName: string;
  readonly logicalId: string;
  /** How many resources have had this logical id in the stack before: each gets names of its own. */
  readonly generation: number;
}

/**
 * The name of a resource that the template leaves unnamed, in CloudFormation's form `STACK-LOGICALID-SUFFIX`. The suffix only looks
 * random: the same assembly gets the same names each time, which is kinder to whoever reads logs or keeps notes.
 */
export const physicalName = (resource: Named, rules: NameRules): string => {
  const { stackName, logicalId } = resource;
  const suffix = hashOf(...seedOf(resource))
    .slice(0, 12)
    .toUpperCase();
  const room = rules.longest - suffix.length - 2;
  const stackPart = stackName.slice(0, Math.max(Math.floor(room / 2), room - logicalId.length));
  const name = `${stackPart}-${logicalId.slice(0, room - stackPart.length)}-${suffix}`;
  return rules.lowerCase ? name.toLowerCase() : name;
};

/** A UUID of a resource that is known by one; `parts` make it different where the stack's name and the logical id are the same. */
export const resourceUuid = (resource: Named, ...parts: readonly string[]): string =>
  stableUuid(...parts, ...seedOf(resource));

const seedOf = ({ stackName, logicalId, generation }: Named): readonly string[] =>
  generation === 0 ? [stackName, logicalId] : [stackName, logicalId, String(generation)];

/** A UUID made from `parts`; same parts, same UUID. */
export const stableUuid = (...parts: readonly string[]): string =>
  hashOf(...parts).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
