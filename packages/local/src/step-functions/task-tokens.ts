import { createHmac, randomBytes } from 'node:crypto';
import { AwsError } from '../common/aws-error.ts';
import type { TaskAttempt } from './interpreter/task-attempt.ts';

/** Makes tokens about as long as AWS's, so that what cannot hold one is found out here. */
const RANDOM_BYTES = 384;

/**
 * The tokens of tasks that wait. A token says, signed, which state machine issued it; so one that is no longer open
 * can be told from one that never was, without keeping all that ever were.
 */
export class TaskTokens {
  readonly #key = randomBytes(32);
  readonly #open = new Map<string, TaskAttempt>();

  issue(stateMachineArn: string): string {
    const body = Buffer.from(JSON.stringify([stateMachineArn, randomBytes(RANDOM_BYTES).toString('base64')])).toString(
      'base64url',
    );
    return `${body}${this.#sign(body)}`;
  }

  open(token: string, attempt: TaskAttempt): void {
    this.#open.set(token, attempt);
  }

  close(token: string): void {
    this.#open.delete(token);
  }

  /** The ARN of the state machine that issued the token; undefined for what is no token. */
  issuerOf(token: string): string | undefined {
    const body = token.slice(0, -SIGNATURE_LENGTH);
    if (body === '' || this.#sign(body) !== token.slice(-SIGNATURE_LENGTH)) return undefined;
    const [arn] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [string];
    return arn;
  }

  /** @throws AwsError `InvalidToken`, or `TaskTimedOut` when the task has ended, whichever way */
  find(token: string): TaskAttempt {
    const attempt = this.#open.get(token);
    if (attempt) return attempt;
    if (this.issuerOf(token) === undefined) throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#key).update(body).digest('base64url');
  }
}

/** Of a SHA-256 in base64url. */
const SIGNATURE_LENGTH = 43;
