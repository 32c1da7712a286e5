const LONGEST_SHOWN = 80;

/** Stands for a value that cannot be had: not yet, or it was refused. It reads as absent, and is no reason to refuse anything. */
export const UNRESOLVED = Symbol('unresolved');

export const holdsUnresolved = (value: unknown): boolean => {
  if (value === UNRESOLVED) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsUnresolved);
};

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Templates write numbers as texts too. */
export const integerOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
};

/** A value as an error message shows it, shortened. */
export const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
};

/** `object` without its undefined members. */
export const defined = (object: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
