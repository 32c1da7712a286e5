import { describe, expect, it } from 'vitest';
import { Identities } from '../../../src/iam/identities.ts';
import { accessFor } from '../../../src/redshift-data/s3/role-access.ts';
import { policyOf } from '../../helpers/authorizer.ts';
import { account } from '../../helpers/gateway.ts';

const ROLE = `arn:aws:iam::${account.accountId}:role/loader`;
const userArn = (user: string) => `arn:aws:redshift:${account.region}:${account.accountId}:dbuser:c1/${user}`;

describe('The role of a COPY', () => {
  it('can be kept to one user of the cluster by its trust policy', () => {
    // Prepare
    const identities = new Identities(account);
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'redshift.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': userArn('etl') } },
    };
    identities.putRole({ name: 'loader', arn: ROLE, trustPolicy: policyOf(trust) });
    const as = (user: string) => () => {
      const warehouse = { kind: 'cluster', name: 'c1' } as const;
      const target = { warehouse, arn: 'c1', database: 'dev', user, echo: {} };
      const work = { command: 'COPY', roleArn: ROLE, statementId: 's', target };
      return accessFor(work, { account, roles: identities, endpoint: () => 'http://here' });
    };

    // Assess
    expect(as('etl')()).toMatchObject({ endpoint: 'http://here' });
    expect(as('other')).toThrow(`ERROR: User ${userArn('other')} is not authorized to assume IAM Role ${ROLE}`);
  });
});
