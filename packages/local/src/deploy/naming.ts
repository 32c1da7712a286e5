import { createHash } from 'node:crypto';

const hashOf = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\n')).digest('hex');

export interface NameRules {
  /** Longest name that the service takes. */
  readonly longest: number;
  /** What the service does with capitals, as S3. */
  readonly lowerCase?: boolean;
}

/**
 * The name of a resource that the template leaves unnamed, in CloudFormation's form `STACK-LOGICALID-SUFFIX`. The suffix only looks
 * random: the same assembly gets the same names each time, which is kinder to whoever reads logs or keeps notes.
 */
export const physicalName = (stackName: string, logicalId: string, rules: NameRules): string => {
  const suffix = hashOf(stackName, logicalId).slice(0, 12).toUpperCase();
  const room = rules.longest - suffix.length - 2;
  const stackPart = stackName.slice(0, Math.max(Math.floor(room / 2), room - logicalId.length));
  const name = `${stackPart}-${logicalId.slice(0, room - stackPart.length)}-${suffix}`;
  return rules.lowerCase ? name.toLowerCase() : name;
};

/** A UUID made from `parts`; same parts, same UUID. */
export const stableUuid = (...parts: readonly string[]): string =>
  hashOf(...parts).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
