import type { Stack } from 'aws-cdk-lib';
import { checkStateMachineNames, patternOfStateMachines } from './private/watched-state-machines';

/**
 * The executions whose end a tasker hears of. When one is stopped, times out or fails, the statements that it has left
 * running are cancelled, unless their request says `onTimeout: 'leave'`.
 *
 * EventBridge cannot tell which executions use the tasker. So each one that it hears of, and that has nothing running here,
 * costs a message and one query. Executions that succeed cost nothing.
 */
export class WatchedExecutions {
  /** Every Standard execution of the account in the region. */
  public static all(): WatchedExecutions {
    return new WatchedExecutions(() => ({}));
  }

  /**
   * The executions of these state machines, the children of their Distributed Maps included.
   *
   * @param names names of state machines; a name that ends with `*` stands for all that begin so. CloudFormation begins the
   *   name of a state machine that was given none with its logical id. Names, not references: a state machine refers to the
   *   invoker, which is made after the rule.
   * @throws Error for what is no name, or no names at all.
   */
  public static ofStateMachines(...names: string[]): WatchedExecutions {
    checkStateMachineNames('watchedExecutions', names);
    return new WatchedExecutions((stack) => patternOfStateMachines(stack, names));
  }

  /** None: a statement goes on running when the execution that waits for it is stopped, times out or fails. */
  public static none(): WatchedExecutions {
    return new WatchedExecutions(() => undefined);
  }

  private constructor(private readonly pattern: (stack: Stack) => Record<string, unknown[]> | undefined) {}

  /**
   * What the event's detail must match besides its status; undefined where no event is wanted.
   *
   * @internal
   */
  public _pattern(stack: Stack): Record<string, unknown[]> | undefined {
    return this.pattern(stack);
  }
}
