import type { StateLanguage } from './private/state-language';

/** A statement that a tasker has started, on the target that is asked after it. */
export class RedshiftStatement {
  /**
   * The statement with this id: `detail.statementId` in the output of the state that has run it. Of a statement in a batch, the id
   * of the batch with `:` and its number.
   *
   * @param statementId an expression in the query language of the state, or an id
   * @throws Error where the state is made, for text that is no id.
   */
  public static withId(statementId: string): RedshiftStatement {
    return new RedshiftStatement((language) => ({
      statementId: language.dataApiId('statement', statementId, 'RedshiftStatement.latest() is the newest'),
    }));
  }

  /** The newest statement that the execution has started. Statements with an `idempotencyKey` are not found. */
  public static latest(): RedshiftStatement {
    return new RedshiftStatement(latestOf);
  }

  /**
   * The newest statement that a state of the execution has started. Iterations of a Map have the same states: to tell them apart, give
   * the state that starts statements an `attemptName`, and ask for that here.
   *
   * @param stateName name of the state or its `attemptName`, or an expression in the query language of the state that asks
   */
  public static latestOfState(stateName: string): RedshiftStatement {
    return new RedshiftStatement((language) => ({
      ...latestOf(language),
      state: language.name('statement.stateName', stateName),
    }));
  }

  private constructor(private readonly write: (language: StateLanguage) => object) {}

  /**
   * As a request names it.
   *
   * @internal
   */
  public _renderStatement(language: StateLanguage): object {
    return this.write(language);
  }
}

const latestOf = (language: StateLanguage) => ({
  statementId: 'LATEST',
  executionArn: language.context('Execution.Id'),
});
