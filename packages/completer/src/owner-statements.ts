import type { BatchStatement } from './batch-statement.ts';
import { onePerOwner } from './one-per-owner.ts';
import { type Pace, pacedCall } from './paced-call.ts';

/** A statement as DescribeStatement tells it. */
export interface StatementDescription {
  readonly statementId: string;
  /** Redshift's word; only an EndState ends a task. */
  readonly state: string;
  /** Rows returned or affected; -1 where there is nothing to count. */
  readonly rows: number;
  /** -1 where there is none. */
  readonly redshiftQueryId: number;
  /** Redshift's own words on why it did not finish; undefined where it has none. */
  readonly errorText: string | undefined;
  /** When its state last changed, epoch milliseconds; undefined where Redshift does not say. */
  readonly updatedAt: number | undefined;
  /** The session that it ran in, if that is one that others can use. */
  readonly sessionId?: string;
  /** Of a batch: its statements, in order. */
  readonly statements?: readonly BatchStatement[];
}

/** A statement as ListStatements tells it. */
export interface ListedStatement {
  readonly statementId: string;
  readonly statementName: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** Whose statements they are, and the customer's key of their warehouse, if it has one: as items tell it. */
export interface StatementOwner {
  readonly ownerRoleArn: string;
  readonly warehouseKeyArn?: string | undefined;
}

/**
 * Statements, seen in the name of the role that started them: the Data API shows them to no other. What its methods throw
 * is what the SDK throws, or HeldBack.
 */
export interface OwnerStatements {
  describe(owner: StatementOwner, statementId: string): Promise<StatementDescription>;
  /** The statements of exactly this name, in whatever state, the newest first. */
  listByName(owner: StatementOwner, statementName: string): Promise<readonly ListedStatement[]>;
  /** Tells whether the cancel was accepted; one of a statement that has ended is refused. */
  cancel(owner: StatementOwner, statementId: string): Promise<boolean>;
}

/** The Data API's calls as one role: one request each. */
export interface OwnerCalls {
  readonly describe: (statementId: string) => Promise<StatementDescription>;
  readonly listPage: (
    namePrefix: string,
    nextToken: string | undefined,
  ) => Promise<{ readonly statements: readonly ListedStatement[]; readonly nextToken: string | undefined }>;
  readonly cancel: (statementId: string) => Promise<boolean>;
}

/** Actions of the Data API that a session as owner can be allowed. */
export type OwnerAction = 'DescribeStatement' | 'ListStatements' | 'CancelStatement';

/** How a function acts as an owner: under which name in the account's trail, and what it may do then. */
export interface OwnerSession {
  readonly name: string;
  readonly calls: readonly (OwnerAction | 'GetStatementResult')[];
}

/** How often one sandbox may call, and how many calls may wait for their turn. */
export type Paces = Readonly<Record<OwnerAction, Omit<Pace, 'name'>>>;

/** What the drain takes of the account's 100 descriptions, and of its 3 cancels, a second; with the sweep's 40 and 1. */
const DESCRIPTIONS = 50;
const CANCELS = 2;

const MAX_WAITING = 20;

/** Cancels take their turn slowly, and the queue keeps them well. */
const CANCELS_WAIT_SECONDS = 2;

/** The drain's share, divided by as many sandboxes as may work at once. */
export const drainPaces = (sandboxes: number): Paces => {
  const cancels = CANCELS / sandboxes;
  return {
    DescribeStatement: { perSecond: DESCRIPTIONS / sandboxes, maxWaiting: MAX_WAITING },
    CancelStatement: { perSecond: cancels, maxWaiting: Math.ceil(CANCELS_WAIT_SECONDS * cancels) },
    // It lists nothing.
    ListStatements: { perSecond: 1, maxWaiting: 0 },
  };
};

/**
 * @param actAs gives the calls as an owner; called once per owner, and again when the role's credentials are refused as
 * expired
 */
export const ownerStatements = (
  actAs: (owner: StatementOwner) => Promise<OwnerCalls>,
  paces: Paces,
): OwnerStatements => {
  const withOwner = onePerOwner(actAs);
  const paced = <T extends readonly unknown[], R>(
    action: OwnerAction,
    call: (owner: OwnerCalls, ...args: T) => Promise<R>,
  ) =>
    pacedCall({ name: action, ...paces[action] }, (owner: StatementOwner, ...args: T) =>
      withOwner(owner, (calls) => call(calls, ...args)),
    );
  const describe = paced('DescribeStatement', (owner, id: string) => owner.describe(id));
  const listPage = paced('ListStatements', (owner, name: string, next: string | undefined) =>
    owner.listPage(name, next),
  );
  return {
    describe,
    cancel: paced('CancelStatement', (owner, id: string) => owner.cancel(id)),
    listByName: async (owner, statementName) => {
      const found: ListedStatement[] = [];
      let nextToken: string | undefined;
      do {
        const page = await listPage(owner, statementName, nextToken);
        // The Data API takes the name for the beginning of one.
        found.push(...page.statements.filter((statement) => statement.statementName === statementName));
        ({ nextToken } = page);
      } while (nextToken);
      return found.sort((a, b) => b.createdAt - a.createdAt);
    },
  };
};

/** Loaded when first needed: the plain success path calls none of it, and the two clients are a tenth of the bundle. */
export const liveOwnerStatements = (session: OwnerSession, paces: Paces): OwnerStatements =>
  ownerStatements(async (owner) => {
    const { actAsOwner, liveOwnerClients } = await import('./act-as-owner.ts');
    return actAsOwner(owner, session, liveOwnerClients());
  }, paces);
