import { marshall } from '@aws-sdk/util-dynamodb';

/**
 * The names and values that DynamoDB expressions use: `#x` stands for the attribute `x`, `:y` for the value `y`.
 * Only those in use are given, since DynamoDB refuses a request that names others.
 */
export const placeholdersOf = (expressions: readonly string[], values: Readonly<Record<string, unknown>>) => {
  const text = expressions.join(' ');
  const used = placeholders(text, ':').map((name): [string, unknown] => [`:${name}`, values[name]]);
  return {
    ExpressionAttributeNames: Object.fromEntries(placeholders(text, '#').map((name) => [`#${name}`, name])),
    ...(used.length > 0 && { ExpressionAttributeValues: marshall(Object.fromEntries(used)) }),
  };
};

const placeholders = (text: string, mark: '#' | ':'): string[] => [
  ...new Set(Array.from(text.matchAll(new RegExp(`${mark}(\\w+)`, 'g')), ([, name]) => name ?? '')),
];
