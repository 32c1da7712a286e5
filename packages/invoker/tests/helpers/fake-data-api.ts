import type { DataApi, SessionDescription, Started, StatementDescription, StatementStart } from '../../src/data-api.ts';

/** What the next ExecuteStatement does instead of answering; `accepted`: the statement runs, only the answer is lost. */
interface Failure {
  readonly error: Error;
  readonly accepted?: boolean;
}

/** The Data API in memory: one statement per ClientToken, and the failures that a test asks for. */
export class FakeDataApi implements DataApi {
  readonly starts: StatementStart[] = [];
  readonly followed: unknown[][] = [];
  readonly failures: Failure[] = [];
  readonly #statements = new Map<string, string>();
  /** What describe, result and cancel answer. */
  answer: object | Error = {};
  /** What every session is said to be. */
  described: SessionDescription | Error | undefined = { Status: 'AVAILABLE' };
  /** What the next waits for an end answer; then: that it has ended. */
  readonly endings: (StatementDescription | Error)[] = [];
  /** Happens after a statement was accepted, before its id is answered. */
  whenAccepted: (statementId: string) => void = () => {};

  /** The statements that run: more than one for the same work is the fault that the invoker must not make. */
  get running(): readonly string[] {
    return [...this.#statements.values()];
  }

  execute(start: StatementStart, _signal: AbortSignal): Promise<Started> {
    this.starts.push(start);
    const failure = this.failures.shift();
    if (!failure || failure.accepted) this.#accept(start.clientToken);
    if (failure) return Promise.reject(failure.error);
    const id = this.#accept(start.clientToken);
    this.whenAccepted(id);
    return Promise.resolve({ id, ...sessionOf(start, id) });
  }

  describe(statementId: string): Promise<object> {
    return this.#follow('describe', statementId);
  }

  result(statementId: string, nextToken: string | undefined): Promise<object> {
    return this.#follow('result', statementId, nextToken);
  }

  awaitEnd(statementId: string, _seconds: number, _signal: AbortSignal): Promise<StatementDescription> {
    this.followed.push(['awaitEnd', statementId]);
    const ending = this.endings.shift() ?? { Status: 'ABORTED' };
    return ending instanceof Error ? Promise.reject(ending) : Promise.resolve(ending);
  }

  session(sessionId: string, _signal: AbortSignal): Promise<SessionDescription | undefined> {
    this.followed.push(['session', sessionId]);
    return this.described instanceof Error ? Promise.reject(this.described) : Promise.resolve(this.described);
  }

  cancel(statementId: string): Promise<object> {
    return this.#follow('cancel', statementId);
  }

  #accept(clientToken: string): string {
    const number = String(this.#statements.size + 1).padStart(12, '0');
    const id = this.#statements.get(clientToken) ?? `00000000-0000-0000-0000-${number}`;
    this.#statements.set(clientToken, id);
    return id;
  }

  #follow(...call: unknown[]): Promise<object> {
    this.followed.push(call);
    return this.answer instanceof Error ? Promise.reject(this.answer) : Promise.resolve(this.answer);
  }
}

/** Who opens a session is told its id, here made of the statement's. */
const sessionOf = ({ session }: StatementStart, id: string): Pick<Started, 'sessionId'> => {
  if (!session) return {};
  return { sessionId: 'id' in session ? session.id : `5e${id.slice(2)}` };
};

/** An exception as the SDK throws it; without a status, AWS never answered. */
export const sdkError = (name: string, message: string, status?: number, attempts = 1): Error =>
  Object.assign(new Error(message), {
    name,
    $fault: 'client',
    $metadata: { ...(status && { httpStatusCode: status }), requestId: 'aws-request-1', attempts },
  });
