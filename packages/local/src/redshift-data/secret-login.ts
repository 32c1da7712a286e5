import type { Secret } from '../services/secrets.ts';
import { validationError } from './errors.ts';
import type { Warehouse } from './warehouses.ts';

/**
 * The database user of a secret. Any password is the user's: the stage has none of its own for database users.
 *
 * @throws AwsError `ValidationException` for a secret that does not exist or could not let anybody in
 */
export const userOfSecret = (secret: Secret | undefined, warehouse: Warehouse): string => {
  if (secret?.value === undefined) throw validationError("Secrets Manager can't find the specified secret.");
  const { username, password, dbClusterIdentifier } = fieldsOf(secret.value);
  if (!isText(username) || !isText(password)) throw validationError('username and password in secret cannot be empty');
  const ofCluster = warehouse.kind === 'cluster' ? warehouse.name : undefined;
  if (ofCluster !== undefined && dbClusterIdentifier !== undefined && dbClusterIdentifier !== ofCluster)
    throw validationError(`dbClusterIdentifier in the secret is not the cluster identifier ${ofCluster}.`);
  return username;
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && !value.includes('\0');

const fieldsOf = (value: string): Readonly<Record<string, unknown>> => {
  try {
    const fields: unknown = JSON.parse(value);
    if (typeof fields === 'object' && fields !== null) return fields as Readonly<Record<string, unknown>>;
  } catch {
    // The value itself must not be told.
  }
  throw validationError('The secret is not a JSON object.');
};
