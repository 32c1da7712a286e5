import { pathText } from './received.ts';

export interface UnknownField {
  readonly place: string;
  readonly received: unknown;
}

/** The fields of `value`, at any depth, that its checked copy lacks: what no schema knew. */
export const unknownFields = (
  value: unknown,
  checked: unknown,
  path: readonly string[] = [],
): readonly UnknownField[] => {
  if (!isRecord(value) || !isRecord(checked)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    Object.hasOwn(checked, name)
      ? unknownFields(inner, checked[name], [...path, name])
      : [{ place: pathText([...path, name]), received: inner }],
  );
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
