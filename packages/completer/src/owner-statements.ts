import { awsFailureOf } from '@sfn-redshift/shared';
import pThrottle from 'p-throttle';
import { HeldBack } from './errors.ts';

/** Statements, read in the name of the role that started them: the Data API shows them to no other. */
export interface OwnerStatements {
  /**
   * Redshift's error text of the statement; undefined where it has none. What it throws is what the SDK throws, or
   * HeldBack.
   */
  errorText(ownerRoleArn: string, statementId: string): Promise<string | undefined>;
}

/** Describes one statement; made for one role. */
export type Describe = (statementId: string) => Promise<string | undefined>;

/**
 * Most DescribeStatement calls of one sandbox, a second. The account has 100, for all its sandboxes and other users; five
 * sandboxes run by default.
 */
const CALLS_PER_SECOND = 10;

/** As many calls may wait for their turn: about two seconds. Those beyond it are for the queue to keep. */
const MAX_WAITING = 20;

/** Exceptions after which the role's credentials are fetched anew, and the call is repeated once. */
const CREDENTIALS_EXPIRED = /^ExpiredToken/;

/**
 * @param describeAs gives the call that describes a statement as a role; called once per role, and again when the role's
 * credentials are refused as expired
 */
export const ownerStatements = (describeAs: (ownerRoleArn: string) => Promise<Describe>): OwnerStatements => {
  const describers = new Map<string, Promise<Describe>>();
  const describerOf = (role: string): Promise<Describe> => {
    const describe = describers.get(role) ?? describeAs(role);
    describers.set(role, describe);
    // A failure is not kept: the next call tries again.
    describe.catch(() => describers.delete(role));
    return describe;
  };
  const paced = pThrottle({ limit: CALLS_PER_SECOND, interval: 1_000, strict: true })(
    async (role: string, statementId: string) => (await describerOf(role))(statementId),
  );
  return {
    errorText: async (role, statementId) => {
      if (paced.queueSize >= MAX_WAITING) throw new HeldBack('DescribeStatement: too many calls wait for their turn');
      try {
        return await paced(role, statementId);
      } catch (error) {
        if (!CREDENTIALS_EXPIRED.test(awsFailureOf(error).name)) throw error;
        describers.delete(role);
        return await paced(role, statementId);
      }
    },
  };
};

/** Loaded when first needed: only failed statements are described, and the two clients are a tenth of the bundle. */
export const liveOwnerStatements = (): OwnerStatements =>
  ownerStatements(async (ownerRoleArn) => {
    const { describeAsOwner, liveOwnerClients } = await import('./describe-as-owner.ts');
    return describeAsOwner(ownerRoleArn, liveOwnerClients());
  });
