import { assumeRole, liveSts, type RoleCredentials } from '@sfn-redshift/shared/assume-role';
import { CLIENT_TIMEOUTS } from './client-timeouts.ts';

/** Under this name the invoker's sessions of owner roles appear in the account's trail. */
const SESSION_NAME = 'sfn-redshift-invoker';

/**
 * Credentials of the owner role. Not narrowed by a session policy, as those of the completers are: the role may do what its
 * statements need, and only who gives the role knows what that is, such as joining the database groups of its tags.
 */
export const ownerCredentials = (roleArn: string): (() => Promise<RoleCredentials>) => {
  const sts = liveSts(CLIENT_TIMEOUTS);
  return () => assumeRole(sts, { roleArn, name: SESSION_NAME });
};
