import * as z from 'zod/mini';
import { check } from './check.ts';
import { InvalidRequest } from './failure.ts';
import { describeReceived } from './received.ts';
import { sha256, workHash } from './sql-text.ts';
import { lock, maxRuntimeSeconds, parameters, sql } from './task-request-fields.ts';
import { unknownFields } from './unknown-fields.ts';

const statement = { sqlStatement: sql, parameters: z.optional(parameters) };

const resourceProperties = z.object({
  /** CloudFormation's own. */
  ServiceToken: z.optional(z.unknown()),
  ServiceTimeout: z.optional(z.unknown()),
  action: z.optional(z.enum(['executeStatement', 'executeSingletonStatement'])),
  sqlStatement: z.optional(sql),
  parameters: z.optional(parameters),
  onUpdate: z.optional(z.object(statement)),
  onDelete: z.optional(z.object(statement)),
  lock: z.optional(lock),
  maxRuntimeSeconds: z.optional(maxRuntimeSeconds),
});

/** What a resource's properties say: SQL for its Create, and other SQL for Update and Delete where there is some. */
export type ResourceProperties = z.output<typeof resourceProperties>;

/**
 * Checks the properties. Scalars come as text: a number may be given as one.
 * @throws InvalidRequest naming the property at fault and what it held
 */
export const parseResourceProperties = (received: Readonly<Record<string, unknown>>): ResourceProperties => {
  const given = withNumber('maxRuntimeSeconds', received);
  const properties = check(resourceProperties, given, ({ place, problem, received: value }) =>
    refuseProperty(place, problem, value),
  );
  const [unknown] = unknownFields(given, properties);
  if (unknown) refuseProperty(unknown.place, 'is not a property of this resource', unknown.received);
  const { sqlStatement, onUpdate, onDelete } = properties;
  if (sqlStatement === undefined && !onUpdate && !onDelete) {
    refuseProperty('sqlStatement', 'is required where there is neither onUpdate nor onDelete', undefined);
  }
  if (sqlStatement === undefined && properties.parameters !== undefined) {
    refuseProperty('parameters', 'needs sqlStatement', properties.parameters);
  }
  return properties;
};

export const refuseProperty = (place: string, problem: string, value: unknown): never => {
  throw new InvalidRequest(`ResourceProperties.${place}`, problem, describeReceived(place, value));
};

const withNumber = (name: string, properties: Readonly<Record<string, unknown>>) => {
  const value = properties[name];
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? { ...properties, [name]: Number(value) } : properties;
};

/**
 * What a Create with these properties makes, as text to compare: its SQL and parameters, by the tasker that they are given to.
 * Of properties of another time, too, whatever they hold.
 */
export const workOf = (properties: Readonly<Record<string, unknown>>): string =>
  sha256(
    textOf(properties['ServiceToken']),
    workHash(textOf(properties['sqlStatement']), textsOf(properties['parameters'])),
  );

const textsOf = (values: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, textOf(value)]));

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
