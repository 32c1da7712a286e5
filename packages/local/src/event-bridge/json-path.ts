/** A name with its dot, or an index or star in brackets. */
const STEP = /\.([\w/-]+|\*)|\[(\d+|\*)\]/y;

/** The part of JSONPath that EventBridge knows: `$.detail.items[0].id`, with `*` for all of a list or an object. */
export type JsonPath = readonly (string | number | typeof ALL)[];

const ALL = Symbol('all');

/** Undefined for what is no path, or one of more than EventBridge reads. */
export const parseJsonPath = (text: string): JsonPath | undefined => {
  if (!text.startsWith('$')) return undefined;
  const steps: JsonPath[number][] = [];
  for (let at = 1; at < text.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const match = STEP.exec(text);
    if (!match) return undefined;
    const [, name, index] = match;
    steps.push(name === '*' || index === '*' ? ALL : (name ?? Number(index)));
  }
  return steps;
};

/** Undefined where the path leads nowhere; a list of what is found when it has a star. */
export const valueAt = (path: JsonPath, value: unknown): unknown => {
  const found = path.reduce<readonly unknown[]>(
    (values, step) => values.flatMap((item) => stepInto(item, step)),
    [value],
  );
  return path.includes(ALL) ? found : found[0];
};

const stepInto = (value: unknown, step: JsonPath[number]): readonly unknown[] => {
  if (value === null || typeof value !== 'object') return [];
  if (step === ALL) return Object.values(value);
  if (Array.isArray(value) !== (typeof step === 'number') || !Object.hasOwn(value, step)) return [];
  return [(value as Record<string | number, unknown>)[step]];
};
