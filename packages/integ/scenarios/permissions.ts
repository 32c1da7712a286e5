import type { IamReport, StatementReport } from '@sfn-redshift/local';

/** A statement that each tasker grants one of its functions, and what was found of it over all taskers. */
export interface Grant {
  /** `Drain AnswerTasks`: the function's, by the statement's Sid, or by what it allows. */
  readonly name: string;
  readonly isUsed: boolean;
  /** Actions that no call needed. */
  readonly unusedActions: readonly string[];
  /** Whether some call would be denied without it. */
  readonly isNeeded: boolean;
}

const ROLE = /(?:First|Narrow)(Invoker|Drain|Sweep)Role/;

/** What the taskers' functions were granted, and what of it any of them has needed. */
export const grantsOf = ({ roles }: IamReport): readonly Grant[] => {
  const statements = roles.flatMap(({ name, statements }) => {
    const owner = ROLE.exec(name)?.[1];
    return owner === undefined ? [] : statements.map((statement) => ({ name: nameOf(owner, statement), statement }));
  });
  const byName = Map.groupBy(statements, ({ name }) => name);
  return [...byName].map(([name, group]) =>
    grantOf(
      name,
      group.map(({ statement }) => statement),
    ),
  );
};

const nameOf = (owner: string, { sid, actions = [] }: StatementReport): string =>
  `${owner} ${sid ?? actions.join(', ')}`;

const grantOf = (name: string, statements: readonly StatementReport[]): Grant => ({
  name,
  isUsed: statements.some(({ used }) => used),
  unusedActions: (statements[0]?.actions ?? []).filter((action) =>
    statements.every(({ unusedActions }) => unusedActions.includes(action)),
  ),
  isNeeded: statements.some(({ deniedWithout }) => deniedWithout.length > 0),
});

const TRUSTED =
  'the owner role trusts this role by name, which within one account is enough; where it is in another, this is needed too';

/** Why a grant is there without which no call of the scenarios would be denied. */
export const NOT_NEEDED: Readonly<Record<string, string>> = {
  'Drain ActAsOwnerOfStatements': TRUSTED,
  // Of the second target.
  'Drain sts:AssumeRole': TRUSTED,
  'Sweep ActAsOwnerOfStatements': TRUSTED,
  'Sweep sts:AssumeRole': TRUSTED,
};
