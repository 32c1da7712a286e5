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
  readonly SessionId?: string | undefined;
  readonly SubStatements?: readonly Sub[] | undefined;
}

interface Sub {
  readonly Id?: string | undefined;
  readonly Status?: string | undefined;
  readonly HasResultSet?: boolean | undefined;
  readonly ResultRows?: number | undefined;
  readonly RedshiftQueryId?: number | undefined;
  readonly Error?: string | undefined;
}

interface Session {
  readonly SessionId?: string | undefined;
  readonly Status?: string | undefined;
}

interface Page {
  readonly Records?: readonly (readonly unknown[])[] | undefined;
  readonly ColumnMetadata?: readonly unknown[] | undefined;
  readonly TotalNumRows?: number | undefined;
  readonly NextToken?: string | undefined;
}

const subOf = ({ Id = '', Status, HasResultSet, ResultRows, RedshiftQueryId, Error: error }: Sub) => ({
  place: Id.split(':')[1],
  Status,
  HasResultSet,
  ResultRows,
  queryId: queryOf(RedshiftQueryId),
  error,
});

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
  /** By the ids of statements. */
  readonly #sessions = new Map<string, string>();
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

  started({ name, token, session }: StatementStep & { readonly do: 'execute' }) {
    const { of, keepAliveSeconds } = session ?? {};
    return {
      StatementName: padded(this.#prefix + name),
      ClientToken: padded(this.#prefix + token),
      ...(of !== undefined && { SessionId: this.sessionOf(of) }),
      ...(keepAliveSeconds !== undefined && { SessionKeepAliveSeconds: keepAliveSeconds }),
    };
  }

  /** The session that a statement runs in. */
  sessionOf(which: number | 'unknown'): string {
    return this.#sessions.get(this.idOf(which)) ?? UNKNOWN_ID;
  }

  resultOf({ which, place }: StatementStep & { readonly do: 'result' }): string {
    return this.idOf(which) + (place === undefined ? '' : `:${place}`);
  }

  listed({ name, status, size, next }: StatementStep & { readonly do: 'list' }) {
    return {
      StatementName: padded(this.#prefix + name),
      ...(status && { Status: status }),
      ...(size !== undefined && { MaxResults: size }),
      ...(next && this.#nextToken !== undefined && { NextToken: this.#nextToken }),
    };
  }

  ofStart({ Id = '', SessionId }: { readonly Id?: string | undefined; readonly SessionId?: string | undefined }) {
    if (!this.#ids.includes(Id)) this.#ids.push(Id);
    if (SessionId !== undefined) this.#sessions.set(Id, SessionId);
    return { statement: this.#ids.indexOf(Id), session: this.#session(SessionId) };
  }

  /** Which statement was the first to run in it. */
  #session(id: string | undefined): number | undefined {
    const [statement] = [...this.#sessions].find(([, session]) => session === id) ?? [];
    return statement === undefined ? undefined : this.#ids.indexOf(statement);
  }

  ofSessions({ Sessions = [] }: { readonly Sessions?: readonly Session[] | undefined }) {
    return Sessions.map(({ SessionId, Status }) => ({ session: this.#session(SessionId), Status }));
  }

  /** What is in it is each account's own. */
  ofPage({ Records, ColumnMetadata, TotalNumRows, NextToken }: Page) {
    const [fields] = Records ?? [];
    return {
      rows: Records?.length,
      fields: fields?.length,
      columns: ColumnMetadata?.length,
      total: TotalNumRows,
      hasMore: NextToken !== undefined,
    };
  }

  /** What handlers read of it. */
  ofDescription({ Status = '', ResultRows, RedshiftQueryId, UpdatedAt, SessionId, SubStatements, ...more }: Described) {
    return {
      Status,
      ResultRows,
      queryId: queryOf(RedshiftQueryId),
      updated: this.#minutes(UpdatedAt),
      error: more.Error,
      session: this.#session(SessionId),
      statements: ['FINISHED', 'FAILED', 'ABORTED'].includes(Status) ? SubStatements?.map(subOf) : undefined,
    };
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
