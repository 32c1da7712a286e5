import { awsFailureOf, InvalidRequest } from '@sfn-redshift/shared';
import type { DataApi, SessionDescription } from './data-api.ts';
import type { InvokerDependencies } from './dependencies.ts';
import { type Connection, connectionOf, type Target } from './target.ts';

/** What is known of where a session runs, and as whom; by the Data API's names. */
type Place = Omit<SessionDescription, 'Status'>;

/**
 * The refusal of a session that runs elsewhere than this target's statements: to be asked for where other targets may have the
 * same owner role, since the Data API then lets each use the sessions of all. Undefined where the session is this target's, and
 * where that cannot be said: the question must stop no start.
 * @param signal ends the question
 */
export const sessionElsewhere = async (
  sessionId: string,
  signal: AbortSignal,
  { dataApi, config: { target }, telemetry }: Pick<InvokerDependencies, 'config' | 'telemetry'> & Asked,
): Promise<InvalidRequest | undefined> => {
  try {
    const session = await dataApi.session(sessionId, signal);
    return session && isElsewhere(session, connectionOf(target)) ? elsewhere(session, target) : undefined;
  } catch (error) {
    telemetry.warn('it is not known where the session was opened', { error: awsFailureOf(error).name });
    return undefined;
  }
};

interface Asked {
  readonly dataApi: Pick<DataApi, 'session'>;
}

const elsewhere = (session: Place, target: Target) =>
  new InvalidRequest(
    'session.id',
    `must be of a session that this target has opened (${inWords(connectionOf(target))}): it runs where it was opened`,
    `one of ${inWords(session)}`,
  );

const inWords = ({ ClusterIdentifier, WorkgroupName, Database, DbUser }: Place): string =>
  [
    ClusterIdentifier && `cluster ${ClusterIdentifier}`,
    WorkgroupName && `workgroup ${WorkgroupName}`,
    Database && `database ${Database}`,
    DbUser && `database user ${DbUser}`,
  ]
    .filter(Boolean)
    .join(', ');

/** Only what both sides tell, in the same way, proves that they differ. */
const isElsewhere = (session: Place, here: Connection): boolean =>
  isOtherWarehouse(session, here) ||
  areOthers(session.Database, here.Database) ||
  // Whom a secret or an IAM identity stands for is not known here.
  areOthers(userIn(session), userIn(here));

const isOtherWarehouse = (session: Place, here: Place): boolean => {
  const { ClusterIdentifier: cluster, WorkgroupName: workgroup } = session;
  if (cluster && here.ClusterIdentifier) return areOthers(cluster, here.ClusterIdentifier);
  if (!workgroup || !here.WorkgroupName) return Boolean(cluster ?? workgroup);
  // An ARN holds the id of a workgroup, not its name.
  return isArn(workgroup) === isArn(here.WorkgroupName) && areOthers(workgroup, here.WorkgroupName);
};

const isArn = (text: string): boolean => text.startsWith('arn:');

/** Redshift's names are the same in capitals. */
const areOthers = (one: string | undefined, other: string | undefined): boolean =>
  Boolean(one && other) && one?.toLowerCase() !== other?.toLowerCase();

/** Without what Redshift puts before a user that was entered by temporary credentials (GetClusterCredentials). */
const userIn = ({ DbUser }: Place): string | undefined => DbUser?.replace(/^IAMA?:/, '');
