import { boundedOwner, PreviousExecutionNotFound, type StatementReference } from '@sfn-redshift/shared';
import type { InvokerDependencies } from './dependencies.ts';

/**
 * The id that a reference means: as given, or the newest statement that this invoker started for the execution.
 * @throws PreviousExecutionNotFound naming the execution.
 */
export const statementIdOf = async (
  reference: StatementReference,
  { table, config }: Pick<InvokerDependencies, 'table' | 'config'>,
): Promise<string> => {
  if ('id' in reference) return reference.id;
  const { latestOf, state } = reference;
  const filter = { targetId: config.targetId, ...(state !== undefined && { state }) };
  for await (const { statementId } of table.newestStatements(boundedOwner(latestOf), filter)) {
    if (statementId) return statementId;
  }
  const inState = state === undefined ? '' : ` in its state ${state}`;
  throw new PreviousExecutionNotFound(`no statement was started here for the execution ${latestOf}${inState}`);
};
