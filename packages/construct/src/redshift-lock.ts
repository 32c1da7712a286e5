import { Token } from 'aws-cdk-lib';
import { MAX_NAME, type StateLanguage } from './private/state-language';
import { refuse } from './private/validation';

/**
 * Of the statements of a tasker that share a lock, on whichever of its targets, one runs at a time. The others are refused as
 * `ConcurrentExecution`, which a `Retry` of the state can list.
 */
export class RedshiftLock {
  /**
   * A lock with a name of your own.
   *
   * @param name up to 256 characters, or an expression in the query language of the state
   * @throws Error for a name that is empty or too long.
   */
  public static named(name: string): RedshiftLock {
    const isFit = Token.isUnresolved(name) || (typeof name === 'string' && name.length > 0 && name.length <= MAX_NAME);
    if (!isFit) refuse('lock.name', `must have 1 to ${MAX_NAME} characters`, name);
    return new RedshiftLock(name);
  }

  /**
   * A lock that is named by the statement itself: SQL, parameter values, target, database and database user. So no second
   * statement like it starts while one runs. Not for batches.
   */
  public static singleton(): RedshiftLock {
    return new RedshiftLock();
  }

  private constructor(private readonly name?: string) {}

  /** @internal */
  public get _isSingleton(): boolean {
    return this.name === undefined;
  }

  /**
   * As a request holds it; undefined for a singleton, which is an action of its own.
   *
   * @internal
   */
  public _render(language: StateLanguage): object | undefined {
    return this._isSingleton ? undefined : { name: language.value('lock.name', this.name) };
  }
}
