import type { RoleAssumer } from '../common/ports.ts';
import type { Identities } from './identities.ts';

const VERSION = '2012-10-17';
const EVERYTHING = { Version: VERSION, Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
const ROLE_ARN = /^arn:[^:]+:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/;

/** Where no template names roles, every role exists, trusts whoever asks, and may do everything. */
export const anyRole = (identities: Identities): RoleAssumer => ({
  assume: (arn, principal, sessionName, context) => {
    const name = ROLE_ARN.exec(arn)?.[1];
    if (name) {
      const trust = { Effect: 'Allow', Principal: { Service: principal }, Action: 'sts:AssumeRole' };
      identities.putRole({ name, arn, trustPolicy: { Version: VERSION, Statement: trust } });
      identities.putRolePolicy(name, 'everything', EVERYTHING);
    }
    return identities.assume(arn, principal, sessionName, context);
  },
  credentialsFor: (caller) => identities.credentialsFor(caller),
});
