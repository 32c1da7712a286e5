import { NormalizedSchema } from '@smithy/core/schema';

type SchemaRef = Parameters<typeof NormalizedSchema.of>[0];

/** Constraints that the service's model has and the SDK's schemas do not, by the member's name. */
const CONSTRAINTS: Readonly<Record<string, RegExp>> = {
  Id: /^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d{0,2})?$/,
  SessionId: /^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d{0,2})?$/,
  CurrentStatementId: /^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\d{0,2})?$/,
  ClusterIdentifier: /^(?=.{1,63}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  WorkgroupName: /^[a-z0-9-]{3,63}$/,
  ResultFormat: /^(JSON|CSV)$/,
  ExecutionMode: /^(TRANSACTION|AUTO_COMMIT)$/,
  Status: /^(SUBMITTED|PICKED|STARTED|FINISHED|FAILED|ABORTED|AVAILABLE|BUSY|CLOSED|true)$/,
  StatementName: /^[^]{0,2048}$/,
  type: /^(TABLE|VIEW|SYSTEM TABLE|GLOBAL TEMPORARY|LOCAL TEMPORARY|ALIAS|SYNONYM)$/,
};

/** What is wrong with a JSON text, given the schema that the SDK reads it with; nothing for one that is right. */
export const violations = (schema: SchemaRef, text: string): readonly string[] =>
  check(NormalizedSchema.of(schema), JSON.parse(text), '$');

const check = (schema: NormalizedSchema, value: unknown, path: string): readonly string[] => {
  if (value === null) return [`${path} is null`];
  if (schema.isStructSchema()) return checkStructure(schema, value, path);
  if (schema.isListSchema())
    return Array.isArray(value)
      ? value.flatMap((item, i) => check(schema.getValueSchema(), item, `${path}[${i}]`))
      : [`${path} is no list`];
  return isScalar(schema, value) ? [] : [`${path} is ${typeof value} ${JSON.stringify(value).slice(0, 40)}`];
};

const checkStructure = (schema: NormalizedSchema, value: unknown, path: string): readonly string[] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no structure`];
  const members = schema.getMemberSchemas();
  const entries = Object.entries(value);
  const missing = requiredOf(schema).filter((name) => !(name in value));
  const isUnionBroken = schema.isUnionSchema() && entries.length !== 1;
  return [
    ...missing.map((name) => `${path}.${name} is missing`),
    ...(isUnionBroken ? [`${path} is a union of ${entries.length} members`] : []),
    ...entries.flatMap(([name, item]) => {
      const member = members[name];
      if (!member) return [`${path}.${name} is not in the model`];
      return [...check(member, item, `${path}.${name}`), ...checkConstraint(name, item, `${path}.${name}`)];
    }),
  ];
};

/** Of a structure's members, the first ones; its static form ends in how many. */
const requiredOf = (schema: NormalizedSchema): readonly string[] => {
  const [, , , , names, , count] = schema.getSchema() as unknown as StaticForm;
  return names.slice(0, count ?? 0);
};

type StaticForm = readonly [unknown, unknown, unknown, unknown, names: readonly string[], unknown, required?: number];

const checkConstraint = (name: string, value: unknown, path: string): readonly string[] => {
  const pattern = CONSTRAINTS[name];
  return pattern && !Array.isArray(value) && !pattern.test(String(value)) ? [`${path} does not match ${pattern}`] : [];
};

/** Numbers that JSON does not have come as text. */
const isScalar = (schema: NormalizedSchema, value: unknown): boolean => {
  if (schema.isStringSchema() || schema.isBlobSchema()) return typeof value === 'string';
  if (schema.isBooleanSchema()) return typeof value === 'boolean';
  if (schema.isTimestampSchema())
    return typeof value === 'number' && Math.abs(value * 1000 - Math.round(value * 1000)) < 0.01;
  if (schema.isNumericSchema()) return typeof value === 'number' || /^(NaN|-?Infinity)$/.test(String(value));
  return false;
};
