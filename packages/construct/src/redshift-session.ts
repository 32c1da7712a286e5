import type { Duration } from 'aws-cdk-lib';
import type { StateLanguage } from './private/state-language';
import { isKnownTime, refuse } from './private/validation';
import type { ITaskerTarget } from './tasker-target';

const LONGEST_SECONDS = 86_400;

/** How long a session stays. */
export interface RedshiftSessionOptions {
  /**
   * How long it stays when nothing runs in it, from this state on: up to 24 hours. With none, `Duration.seconds(0)`, it ends with the
   * statement; not where it is opened.
   *
   * @default - 5 minutes where it is opened; else as it was
   */
  readonly keepAlive?: Duration;
}

/** What is known of a session that another state has opened. */
export interface RedshiftOpenedSessionOptions extends RedshiftSessionOptions {
  /**
   * The tasker, or its further target, whose state has opened the session. A state of any other is refused at synthesis: its SQL would
   * run where the session was opened, or not at all.
   *
   * @default - not checked at synthesis
   */
  readonly openedBy?: ITaskerTarget;
}

/**
 * The database session that a statement runs in. Temporary tables and what `SET` has set live as long as it does. It belongs to the
 * target that has opened it, and runs one statement at a time: a second one fails as `SessionBusy`; one after its end, or of a target
 * with another owner role, as `SessionGone`.
 */
export class RedshiftSession {
  /**
   * A new session; its id is `sessionId` in the output of the state.
   *
   * @throws Error for a time that is out of range.
   */
  public static open(options: RedshiftSessionOptions = {}): RedshiftSession {
    return new RedshiftSession(undefined, options, 1);
  }

  /**
   * The session that another state of the same target has opened.
   *
   * @param sessionId an expression in the query language of the state
   * @param options how long it stays from now on, and who has opened it
   * @throws Error for a time that is out of range; where the state is made, for text that is no id, and for one of another target than has opened it.
   */
  public static withId(sessionId: string, options: RedshiftOpenedSessionOptions = {}): RedshiftSession {
    return new RedshiftSession(sessionId, options, 0);
  }

  private readonly keepAliveSeconds?: number;
  private readonly openedBy?: ITaskerTarget;

  private constructor(
    private readonly sessionId: string | undefined,
    { keepAlive, openedBy }: RedshiftOpenedSessionOptions,
    least: number,
  ) {
    this.openedBy = openedBy;
    if (keepAlive === undefined) return;
    const isKnown = isKnownTime('session.keepAlive', keepAlive);
    const seconds = isKnown ? keepAlive.toSeconds({ integral: false }) : least;
    if (!Number.isInteger(seconds) || seconds < least || seconds > LONGEST_SECONDS) {
      refuse('session.keepAlive', `must be whole seconds from ${least} to 24 hours`, keepAlive);
    }
    this.keepAliveSeconds = keepAlive.toSeconds();
  }

  /**
   * As a request names it.
   *
   * @internal
   */
  public _render(language: StateLanguage): object {
    const id =
      this.sessionId === undefined
        ? undefined
        : language.dataApiId('session', this.sessionId, 'sessionId of an output');
    return { id, keepAliveSeconds: this.keepAliveSeconds };
  }

  /**
   * A session runs where it was opened, whoever names it.
   *
   * @internal
   */
  public _check(state: string, { node }: ITaskerTarget): void {
    const { openedBy } = this;
    if (!openedBy || openedBy.node === node) return;
    const rule = `must be the target whose state uses the session, ${node.path}: it runs where it was opened`;
    refuse(`${state}: session.openedBy`, rule, openedBy.node.path);
  }
}
