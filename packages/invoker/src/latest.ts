import {
  boundedOwner,
  PreviousExecutionNotFound,
  type StatementReference,
  type TrackingItem,
} from '@sfn-redshift/shared';
import type { InvokerDependencies } from './dependencies.ts';

/** A statement, and its item where the table was asked for it. */
export interface FoundStatement {
  readonly id: string;
  readonly item?: TrackingItem;
}

/**
 * The statement that a reference means: the id as given, or the newest that this invoker started for the execution.
 * @throws PreviousExecutionNotFound naming the execution.
 */
export const findStatement = async (
  reference: StatementReference,
  { table, config }: Pick<InvokerDependencies, 'table' | 'config'>,
): Promise<FoundStatement> => {
  if ('id' in reference) return { id: reference.id };
  const { latestOf, state } = reference;
  const filter = { targetId: config.targetId, ...(state !== undefined && { state }) };
  for await (const item of table.newestStatements(boundedOwner(latestOf), filter)) {
    if (item.statementId) return { id: item.statementId, item };
  }
  const inState = state === undefined ? '' : ` in its state ${state}`;
  throw new PreviousExecutionNotFound(`no statement was started here for the execution ${latestOf}${inState}`);
};
