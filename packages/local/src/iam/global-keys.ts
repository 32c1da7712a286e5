import type { Account } from '../common/account.ts';
import { parseArn } from '../common/arn.ts';
import type { Caller } from '../common/service.ts';
import type { Role } from './roles.ts';

type Keys = Readonly<Record<string, string>>;

interface Circumstances {
  readonly account: Account;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The caller's role, if it has one that exists. */
  readonly role: Pick<Role, 'id' | 'tags'> | undefined;
  /** Whether an AWS service makes the request on the caller's behalf, as for a queue's key. */
  readonly isForwarded: boolean;
}

/** The condition keys that every request of a caller has. */
export const globalKeysOf = (
  caller: Exclude<Caller, { type: 'administrator' }>,
  circumstances: Circumstances,
): Keys => {
  const { account, now, isForwarded } = circumstances;
  return {
    ...(caller.type === 'service' ? keysOfService(caller, account) : keysOfRole(caller, circumstances)),
    'aws:RequestedRegion': account.region,
    // The stage speaks plain HTTP; what runs on it is meant to speak TLS on AWS.
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': String(isForwarded),
    'aws:SourceIp': '127.0.0.1',
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
  };
};

const keysOfRole = ({ roleArn, sessionName }: Caller & { type: 'role' }, { account, role }: Circumstances): Keys => ({
  'aws:PrincipalArn': roleArn,
  'aws:PrincipalAccount': parseArn(roleArn)?.accountId ?? account.accountId,
  'aws:PrincipalType': 'AssumedRole',
  'aws:PrincipalIsAWSService': 'false',
  'aws:userid': `${role?.id ?? ''}:${sessionName}`,
  ...Object.fromEntries(Object.entries(role?.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
});

const keysOfService = ({ arn, sourceArn }: Caller & { type: 'service' }, { accountId }: Account): Keys => ({
  'aws:PrincipalIsAWSService': 'true',
  'aws:PrincipalServiceName': arn,
  'aws:SourceAccount': accountId,
  ...(sourceArn === undefined ? {} : { 'aws:SourceArn': sourceArn }),
});
