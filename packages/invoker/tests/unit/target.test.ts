import { lockOf, names } from '@sfn-redshift/shared';
import { describe, expect, it } from 'vitest';
import { connectionOf, readTarget, type Target, targetHashOf, userOf } from '../../src/target.ts';
import { REQUEST, TARGET_HASH } from '../helpers/requests.ts';

const OWNER = 'arn:aws:iam::123456789012:role/invoker';
const OTHER = 'arn:aws:iam::210987654321:role/etl';

const TARGETS: readonly Target[] = [
  { clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl' },
  { clusterIdentifier: 'c1', database: 'dev' },
  { clusterIdentifier: 'c1', database: 'dev', secretArn: 'etl' },
  { workgroupName: 'c1', database: 'dev' },
  { workgroupName: 'c1', database: 'dev', secretArn: 'etl' },
  { workgroupName: 'c1', database: 'dev', secretArn: 'other' },
  { workgroupName: 'c2', database: 'dev' },
  { workgroupName: 'c2', database: 'prod' },
];

const environmentOf = (target: object) =>
  Object.fromEntries(
    Object.entries(target).map(([name, value]) => [
      names.ENVIRONMENT[name as keyof typeof names.ENVIRONMENT],
      value as string,
    ]),
  );

describe('a target', () => {
  it.each(TARGETS)('is read from the environment: %j', (target) => {
    expect(readTarget(environmentOf(target))).toEqual(target);
  });

  it.each([
    [{ clusterIdentifier: 'c1', workgroupName: 'w1', database: 'dev' }, 'CLUSTER_IDENTIFIER', 'WORKGROUP_NAME'],
    [{ workgroupName: 'w1', database: 'dev', dbUser: 'etl' }, 'WORKGROUP_NAME', 'DB_USER'],
    [{ clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl', secretArn: 's' }, 'DB_USER', 'SECRET_ARN'],
  ])('%j is refused', (target, one, other) => {
    expect(() => readTarget(environmentOf(target))).toThrow(
      `environment variables SFN_REDSHIFT_${one} and SFN_REDSHIFT_${other} exclude each other; both are there`,
    );
  });

  it.each(['workgroupName', 'secretArn', 'dbUser'] as const)('is refused with an empty %s', (name) => {
    const { clusterIdentifier: _cluster, ...workgroup } = { clusterIdentifier: 'c1', database: 'dev', [name]: '' };
    const target = name === 'workgroupName' ? workgroup : { clusterIdentifier: 'c1', ...workgroup };

    expect(() => readTarget(environmentOf(target))).toThrow(`${names.ENVIRONMENT[name]} is missing`);
  });

  it('of neither cluster nor workgroup is refused', () => {
    expect(() => readTarget(environmentOf({ database: 'dev' }))).toThrow('SFN_REDSHIFT_CLUSTER_IDENTIFIER is missing');
  });

  it('goes by the names of the Data API', () => {
    expect(TARGETS.slice(0, 5).map(connectionOf)).toEqual([
      { ClusterIdentifier: 'c1', Database: 'dev', DbUser: 'etl' },
      { ClusterIdentifier: 'c1', Database: 'dev' },
      { ClusterIdentifier: 'c1', Database: 'dev', SecretArn: 'etl' },
      { WorkgroupName: 'c1', Database: 'dev' },
      { WorkgroupName: 'c1', Database: 'dev', SecretArn: 'etl' },
    ]);
  });
});

describe('the hash of a target', () => {
  it('is for a cluster with a database user what it has been in every version', () => {
    expect(targetHashOf({ clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl' }, undefined)).toBe(TARGET_HASH);
  });

  it('differs with whatever differs, the role that acts there too', () => {
    const hashes = TARGETS.flatMap((target) => [undefined, OWNER, OTHER].map((role) => targetHashOf(target, role)));

    expect(new Set(hashes).size).toBe(3 * TARGETS.length);
  });
});

describe('singletons', () => {
  it('of other users have other locks', () => {
    const request = { ...REQUEST, action: 'executeSingletonStatement' } as const;
    const lockFor = (target: Target, role: string) =>
      lockOf(request, { targetId: 'default', database: target.database, dbUser: userOf(target, role) });
    const [user, identity, secret] = TARGETS as [Target, Target, Target];

    const locks = [
      lockFor(user, OWNER),
      lockFor(identity, OWNER),
      lockFor(identity, OTHER),
      lockFor(secret, OWNER),
      lockFor({ ...secret, secretArn: 'other' }, OWNER),
    ];

    expect(new Set(locks).size).toBe(locks.length);
    expect(lockFor(user, OTHER)).toBe(lockFor(user, OWNER));
    expect(lockFor(secret, OTHER)).toBe(lockFor(secret, OWNER));
  });
});
