import type { Clock } from '../common/clock.ts';

/**
 * Calls a second of an account, by operation; AWS adjusts them for nobody. It lists none for GetStatementResultV2, which has
 * no permission of its own either and counts as GetStatementResult here, nor for ListSessions, which gets what other lists get.
 */
const PER_SECOND: Readonly<Record<string, number>> = {
  BatchExecuteStatement: 20,
  CancelStatement: 3,
  DescribeStatement: 100,
  DescribeTable: 3,
  ExecuteStatement: 30,
  GetStatementResult: 20,
  ListDatabases: 3,
  ListSchemas: 3,
  ListSessions: 3,
  ListStatements: 3,
  ListTables: 3,
};

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** A token bucket for each operation, filled by the stage's clock, that holds the calls of one second. */
export class CallRates {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether one more call is within the operation's rate; it counts if it is. */
  admits(operation: string): boolean {
    const name = operation === 'GetStatementResultV2' ? 'GetStatementResult' : operation;
    const rate = PER_SECOND[name];
    if (rate === undefined) return true;
    const now = this.#clock.now();
    const { tokens, filledAt } = this.#buckets.get(name) ?? { tokens: rate, filledAt: now };
    const filled = Math.min(rate, tokens + ((now - filledAt) / 1000) * rate);
    const isAdmitted = filled >= 1;
    this.#buckets.set(name, { tokens: isAdmitted ? filled - 1 : filled, filledAt: now });
    return isAdmitted;
  }
}
