/** The names that `value` refers to by `Ref`, `Fn::GetAtt` or `Fn::Sub`: its implicit dependencies, and some that are none (parameters). */
export const referencesIn = (value: unknown): Set<string> => {
  const found = new Set<string>();
  collect(value, found);
  return found;
};

const collect = (value: unknown, found: Set<string>): void => {
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  else if (value !== null && typeof value === 'object')
    for (const [key, item] of Object.entries(value)) collectEntry(key, item, found);
};

const collectEntry = (key: string, item: unknown, found: Set<string>): void => {
  if (key === 'Ref' && typeof item === 'string') found.add(item);
  if (key === 'Fn::GetAtt') found.add(resourceOf(item));
  if (key === 'Fn::Sub') for (const name of substitutionsOf(item)) found.add(name);
  collect(item, found);
};

const resourceOf = (attribute: unknown): string =>
  String(typeof attribute === 'string' ? attribute.split('.')[0] : (attribute as unknown[])[0]);

const substitutionsOf = (argument: unknown): string[] => {
  const template: unknown = Array.isArray(argument) ? argument[0] : argument;
  if (typeof template !== 'string') return [];
  return [...template.matchAll(/\$\{([^!}][^}]*)\}/g)].map((match) => String(match[1]).trim().split('.')[0] ?? '');
};
