import type { StatementStep } from './statement-cases.ts';

export const MINUTE_MS = 60_000;

/** One that no service gives. */
export const UNKNOWN_ID = 'ffffffff-ffff-4fff-bfff-ffffffffffff';

/** `a*5` stands for a text of that length. */
export const padded = (text: string): string => {
  const [start = '', length] = text.split('*');
  return start.padEnd(Number(length ?? 0), '.');
};

interface Described {
  readonly Status?: string | undefined;
  readonly ResultRows?: number | undefined;
  readonly RedshiftQueryId?: number | undefined;
  readonly UpdatedAt?: Date | undefined;
  readonly Error?: string | undefined;
}

interface Listed {
  readonly Id?: string | undefined;
  readonly StatementName?: string | undefined;
  readonly Status?: string | undefined;
  readonly CreatedAt?: Date | undefined;
}

/** Puts answers into the words of a case, so that those of two accounts can be compared. */
export class Words {
  /** Puts it before all names and tokens: accounts are shared. */
  readonly #prefix: string;
  /** In the order in which they became known. */
  readonly #ids: string[] = [];
  readonly #start: number;
  #nextToken: string | undefined;

  constructor(prefix: string, now: number) {
    this.#prefix = prefix;
    this.#start = now;
  }

  /** How many statements are known. */
  get count(): number {
    return this.#ids.length;
  }

  idOf(which: number | 'unknown'): string {
    return which === 'unknown' ? UNKNOWN_ID : (this.#ids[which] ?? UNKNOWN_ID);
  }

  started(step: StatementStep & { readonly do: 'execute' }) {
    return { StatementName: padded(this.#prefix + step.name), ClientToken: padded(this.#prefix + step.token) };
  }

  listed({ name, status, size, next }: StatementStep & { readonly do: 'list' }) {
    return {
      StatementName: padded(this.#prefix + name),
      ...(status && { Status: status }),
      ...(size !== undefined && { MaxResults: size }),
      ...(next && this.#nextToken !== undefined && { NextToken: this.#nextToken }),
    };
  }

  ofStart({ Id = '' }: { readonly Id?: string | undefined }) {
    if (!this.#ids.includes(Id)) this.#ids.push(Id);
    return { statement: this.#ids.indexOf(Id) };
  }

  /** What handlers read of it. */
  ofDescription({ Status, ResultRows, RedshiftQueryId, UpdatedAt, Error: error }: Described) {
    return { Status, ResultRows, queryId: queryOf(RedshiftQueryId), updated: this.#minutes(UpdatedAt), error };
  }

  ofList({
    Statements = [],
    NextToken,
  }: {
    readonly Statements?: readonly Listed[] | undefined;
    readonly NextToken?: string | undefined;
  }) {
    this.#nextToken = NextToken;
    return {
      statements: Statements.map(({ Id = '', StatementName, Status, CreatedAt }) => ({
        statement: this.#ids.indexOf(Id),
        name: StatementName,
        Status,
        created: this.#minutes(CreatedAt),
      })),
      hasMore: NextToken !== undefined,
    };
  }

  /** As the drain reads it. */
  ofEvent(event: {
    readonly state: string;
    readonly statementName: string;
    readonly rows: number;
    readonly redshiftQueryId: number;
    readonly time: string;
  }) {
    const { state, statementName, rows, redshiftQueryId, time } = event;
    return { state, statementName, rows, queryId: queryOf(redshiftQueryId), time: this.#minutes(new Date(time)) };
  }

  #minutes(time: Date | undefined): number | undefined {
    return time && Math.round((time.getTime() - this.#start) / MINUTE_MS);
  }
}

const queryOf = (id: number | undefined) => (id !== undefined && id > 0 ? 'some' : id);
