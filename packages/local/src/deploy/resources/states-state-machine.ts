import { arnIn } from '../../common/arn.ts';
import { parseDefinition } from '../../step-functions/definition/parse-definition.ts';
import type { Properties } from '../properties.ts';
import { isObject } from '../property-values.ts';
import { nameOf, type ResourceType } from '../resource.ts';

export const statesStateMachine: ResourceType = {
  replacement: ['StateMachineName', 'StateMachineType'],
  plan: (resource, { account, parts: { stateMachines } }) => {
    const { properties } = resource;
    const name = nameOf(resource, 'StateMachineName', { longest: 80 });
    const arn = arnIn(account, 'states', `stateMachine:${name}`);
    properties.only('StateMachineType', 'STANDARD');
    properties.object('EncryptionConfiguration')?.only('Type', 'AWS_OWNED_KEY');
    properties.withoutEffect('LoggingConfiguration', 'Tags', 'TracingConfiguration');
    const definition = definitionOf(properties);
    if (definition !== undefined) properties.check('DefinitionString', () => parseDefinition(definition));
    const roleArn = properties.requiredString('RoleArn');
    const stateMachine = { name, arn, roleArn, definition: definition ?? '{}', type: 'STANDARD' } as const;
    const put = async () => {
      await stateMachines.authorize(stateMachine);
      stateMachines.putStateMachine(stateMachine);
    };
    return {
      physicalId: arn,
      attributes: { Arn: arn, Name: name },
      create: put,
      update: put,
      delete: () => stateMachines.deleteStateMachine(arn),
    };
  },
};

/** Undefined when there is none, or when it holds what is not known yet. */
const definitionOf = (properties: Properties): string | undefined => {
  const inline = properties.any('Definition');
  const text = properties.string('DefinitionString') ?? (isObject(inline) ? JSON.stringify(inline) : undefined);
  if (text === undefined && !properties.has('Definition')) properties.refuse('DefinitionString', 'is required');
  const substitutions = properties.object('DefinitionSubstitutions');
  const isKnown = substitutions?.names().every((name) => substitutions.isKnown(name)) ?? true;
  return text === undefined || !isKnown ? undefined : substituted(text, substitutions);
};

/** `${NAME}` in the definition; names that nothing is given for stay, as CloudFormation leaves them. */
const substituted = (definition: string, substitutions: Properties | undefined): string => {
  if (!substitutions) return definition;
  const values = new Map(substitutions.names().map((name) => [name, substitutions.string(name) ?? '']));
  return definition.replace(/\$\{(\w+)\}/g, (whole, name: string) => values.get(name) ?? whole);
};
