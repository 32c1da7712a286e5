import { type CharacterType, type PasswordRules, randomPassword } from '../../services/random-password.ts';
import { secretArn } from '../../services/secrets.ts';
import { customerKey } from '../customer-key.ts';
import type { Properties } from '../properties.ts';
import { nameOf, type ResourceType } from '../resource.ts';

const GENERATE = 'GenerateSecretString';
const PASSWORD_LENGTH = { from: 1, to: 4096 };

/** A secret with the value of the template, or one that is drawn when it is made. */
export const secretsManagerSecret: ResourceType = {
  replacement: ['Name'],
  plan: (resource, { account, parts: { keys, secrets } }) => {
    const { properties } = resource;
    const name = nameOf(resource, 'Name', { longest: 255 });
    const key = properties.string('KmsKeyId');
    properties.withoutEffect('Description', 'Tags');
    const draw = valueOf(properties);
    const arn = secretArn(account, name);
    const put = (value: string | undefined) => secrets.put(name, { value, keyArn: customerKey(key, keys) });
    return {
      physicalId: arn,
      attributes: { Id: arn },
      create: () => put(draw()),
      update: ({ properties: before }) =>
        put(isGeneratedAsBefore(properties, before) ? secrets.find(name)?.value : draw()),
      delete: () => secrets.delete(name),
    };
  },
};

/** A value is drawn anew only when it is to be drawn otherwise. */
const isGeneratedAsBefore = (now: Properties, before: Properties): boolean =>
  now.has(GENERATE) && JSON.stringify(now.any(GENERATE)) === JSON.stringify(before.any(GENERATE));

const valueOf = (properties: Properties): (() => string | undefined) => {
  const value = properties.string('SecretString');
  const generate = properties.object(GENERATE);
  if (!generate) return () => value;
  if (properties.has('SecretString')) properties.refuse(GENERATE, 'cannot be given together with SecretString');
  return generated(generate);
};

const EXCLUDED = {
  ExcludeLowercase: 'lowercase',
  ExcludeUppercase: 'uppercase',
  ExcludeNumbers: 'numbers',
  ExcludePunctuation: 'punctuation',
} as const satisfies Readonly<Record<string, CharacterType>>;

const generated = (generate: Properties): (() => string) => {
  const rules: PasswordRules = {
    length: generate.integer('PasswordLength', PASSWORD_LENGTH),
    excludedCharacters: generate.string('ExcludeCharacters'),
    excludedTypes: Object.entries(EXCLUDED).flatMap(([property, type]) => (generate.boolean(property) ? [type] : [])),
    includeSpace: generate.boolean('IncludeSpace'),
    requireEachType: generate.boolean('RequireEachIncludedType'),
  };
  generate.check('PasswordLength', () => randomPassword(rules));
  const [template, key] = [generate.string('SecretStringTemplate'), generate.string('GenerateStringKey')];
  if (template === undefined && key === undefined) return () => randomPassword(rules);
  if (template === undefined || key === undefined) {
    const [given] = ['SecretStringTemplate', 'GenerateStringKey'].filter((name) => generate.has(name));
    generate.refuse(given ?? '', 'needs the other one');
  }
  const withPassword = () =>
    JSON.stringify({ ...(JSON.parse(template ?? '{}') as object), [key ?? '']: randomPassword(rules) });
  generate.check('SecretStringTemplate', withPassword);
  return withPassword;
};
