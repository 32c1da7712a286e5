import { randomInt } from 'node:crypto';

/** What a password may be made of, as Secrets Manager is told it. */
export interface PasswordRules {
  /** @default 32 */
  readonly length?: number | undefined;
  /** @default none */
  readonly excludedCharacters?: string | undefined;
  /** @default none: lower and upper case, digits and punctuation */
  readonly excludedTypes?: readonly CharacterType[];
  /** @default false */
  readonly includeSpace?: boolean | undefined;
  /** @default true */
  readonly requireEachType?: boolean | undefined;
}

const CHARACTERS = {
  lowercase: 'abcdefghijklmnopqrstuvwxyz',
  uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  numbers: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
} as const;
export type CharacterType = keyof typeof CHARACTERS;

/** @throws Error when there are too few characters to choose from, or too few to choose */
export const randomPassword = (rules: PasswordRules): string => {
  const { length = 32, requireEachType = true } = rules;
  const types = typesOf(rules);
  if (types.length === 0) throw new Error('the password could have no characters');
  if (requireEachType && types.length > length)
    throw new Error(`a password of ${length} characters cannot have one of each of ${types.length} types`);
  const all = types.join('');
  const required = requireEachType ? types.map(oneOf) : [];
  const rest = Array.from({ length: length - required.length }, () => oneOf(all));
  return shuffled([...required, ...rest]).join('');
};

const typesOf = ({ excludedCharacters = '', excludedTypes = [], includeSpace = false }: PasswordRules): string[] => {
  const included = Object.entries(CHARACTERS).flatMap(([type, characters]) =>
    excludedTypes.includes(type as CharacterType) ? [] : [characters as string],
  );
  return [...included, ...(includeSpace ? [' '] : [])]
    .map((characters) => [...characters].filter((character) => !excludedCharacters.includes(character)).join(''))
    .filter((characters) => characters !== '');
};

const oneOf = (characters: string): string => characters.charAt(randomInt(characters.length));

const shuffled = (items: readonly string[]): string[] => {
  const left = [...items];
  return items.map(() => left.splice(randomInt(left.length), 1)[0] as string);
};
