import type { Template } from 'aws-cdk-lib/assertions';

type Intrinsics = Record<string, (argument: never) => unknown>;

const INTRINSICS: Intrinsics = {
  Ref: (id: string) => `\${${id}}`,
  'Fn::GetAtt': ([id, attribute]: string[]) => `\${${id}.${attribute}}`,
  'Fn::Join': ([separator, parts]: [string, unknown[]]) => parts.map(readable).join(separator),
  'Fn::Sub': (text: string) => text,
  'Fn::Select': ([index, list]: [number, unknown]) => `\${Select ${index} of ${String(readable(list))}}`,
  'Fn::Split': ([separator, text]: [string, unknown]) => `Split ${String(readable(text))} at ${separator}`,
};

/** A part of a template with its intrinsic functions written as `${…}`, so that it can be compared with a literal. */
export const readable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  const intrinsic = first && entries.length === 1 ? INTRINSICS[first[0]] : undefined;
  if (first && intrinsic) return intrinsic(first[1] as never);
  return Object.fromEntries(entries.map(([key, part]) => [key, readable(part)]));
};

interface ReadableResource {
  readonly Properties: Record<string, unknown>;
  readonly [key: string]: unknown;
}

/** The one resource whose logical id is this, apart from the hash at its end. */
export const resourceOf = (template: Template, type: string, id: string): ReadableResource => {
  const ids = Object.keys(template.findResources(type)).filter((name) => name.replace(/[0-9A-F]{8}$/, '') === id);
  const [logicalId] = ids;
  if (logicalId === undefined || ids.length > 1) throw new Error(`${ids.length} resources ${type} ${id}`);
  return readable(template.findResources(type)[logicalId]) as ReadableResource;
};

export const propertiesOf = (template: Template, type: string, id: string): Record<string, unknown> =>
  resourceOf(template, type, id).Properties;
