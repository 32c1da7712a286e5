import { createHash } from 'node:crypto';
import { Aws, Fn, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { STATEMENT_NAME_SEPARATOR } from './contract.generated';

const HASH_LENGTH = 10;

/** In `arn:…:stack/NAME/GUID`, split at the slashes. */
const GUID_POSITION = 2;

/**
 * Begins the name of every statement of one tasker in one deployed stack: `HASH-GUID/`, 48 characters. The GUID tells
 * deployments of one app apart; the hash tells the taskers of one stack apart.
 *
 * Open statements carry it, so it must outlive updates. Hence it depends on the path below the stack only, as the logical
 * ids of the tables do: putting the stack into a stage changes neither.
 */
export const statementNamePrefix = (scope: Construct): string => {
  const guid = Fn.select(GUID_POSITION, Fn.split('/', Aws.STACK_ID));
  return `${hashOf(pathBelowStack(scope))}-${guid}${STATEMENT_NAME_SEPARATOR}`;
};

const pathBelowStack = (scope: Construct): string => {
  const ancestors = Stack.of(scope).node.scopes.length;
  return scope.node.scopes
    .slice(ancestors)
    .map(({ node }) => node.id)
    .join('/');
};

const hashOf = (path: string): string => createHash('sha256').update(path).digest('hex').slice(0, HASH_LENGTH);
