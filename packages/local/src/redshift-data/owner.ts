import { parseArn } from '../common/arn.ts';
import type { Caller } from '../common/service.ts';
import { roleId } from '../iam/roles.ts';

/** Statements belong to the IAM role, whichever session started them; an identity that is no role owns its own. */
export const ownerOf = (caller: Caller): string => (caller.type === 'role' ? caller.roleArn : caller.arn);

/** IAM's `aws:userid`: for a role, its id and the session's name. */
export const userIdOf = (caller: Caller): string =>
  caller.type === 'role'
    ? `${roleId(caller.roleArn)}:${caller.sessionName}`
    : (parseArn(caller.arn)?.accountId ?? caller.arn);
