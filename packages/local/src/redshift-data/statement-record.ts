import type { StageResource } from '../gateway/stage-paths.ts';
import type { Status } from './life-cycle.ts';
import type { Statement } from './statement.ts';

/** A statement that the Data API has taken, whoever started it. Never holds its SQL or parameters. */
export interface StatementRecord {
  readonly id: string;
  /** `StatementName`, if the caller gave one. */
  readonly name?: string;
  readonly status: Status;
  /** ARN of the IAM role that started it, or of the identity that is no role. */
  readonly owner: string;
  /** Epoch milliseconds of the stage's clock. */
  readonly createdAt: number;
}

export const statementRecord = ({
  id,
  status,
  createdAt,
  submission: { name, owner },
}: Statement): StatementRecord => ({
  id,
  ...(name !== undefined && { name }),
  status,
  owner,
  createdAt,
});

/** The statements over HTTP: GET lists them. */
export const statementsResource = (statements: () => readonly StatementRecord[]): StageResource => ({
  GET: () => ({ statements: statements() }),
});
