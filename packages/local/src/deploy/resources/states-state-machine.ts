import { arnIn } from '../../common/arn.ts';
import { parseDefinition } from '../../step-functions/definition/parse-definition.ts';
import type { Properties } from '../properties.ts';
import { isObject } from '../property-values.ts';
import { nameOf, type ResourceType } from '../resource.ts';

export const statesStateMachine: ResourceType = (resource, { account, parts }) => {
  const { properties } = resource;
  const name = nameOf(resource, 'StateMachineName', { longest: 80 });
  const arn = arnIn(account, 'states', `stateMachine:${name}`);
  properties.only('StateMachineType', 'STANDARD');
  properties.object('EncryptionConfiguration')?.only('Type', 'AWS_OWNED_KEY');
  properties.withoutEffect('LoggingConfiguration', 'Tags', 'TracingConfiguration');
  const definition = definitionOf(properties);
  properties.check('DefinitionString', () => parseDefinition(definition));
  const stateMachine = {
    name,
    arn,
    roleArn: properties.requiredString('RoleArn'),
    definition,
    type: 'STANDARD' as const,
  };
  return {
    physicalId: arn,
    attributes: { Arn: arn, Name: name },
    create: () => parts.stateMachines.putStateMachine(stateMachine),
  };
};

const definitionOf = (properties: Properties): string => {
  const inline = properties.any('Definition');
  const text = properties.string('DefinitionString') ?? (isObject(inline) ? JSON.stringify(inline) : undefined);
  if (text === undefined) properties.refuse('DefinitionString', 'is required');
  return substituted(text ?? '{}', properties.object('DefinitionSubstitutions'));
};

/** `${NAME}` in the definition; names that nothing is given for stay, as CloudFormation leaves them. */
const substituted = (definition: string, substitutions: Properties | undefined): string => {
  if (!substitutions) return definition;
  const values = new Map(substitutions.names().map((name) => [name, substitutions.string(name) ?? '']));
  return definition.replace(/\$\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
};
