import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { iamReport, type RoleReport } from '../../../src/iam/iam-report.ts';
import { AuthorizerStage, allow, deny, policyOf, type Statement } from '../../helpers/authorizer.ts';
import { account } from '../../helpers/gateway.ts';
import { anywhere, QUEUE as BLUE, onQueue, policy, policyForAnybody, TAGS } from '../../helpers/iam-cases.ts';
import { ours } from '../../helpers/iam-oracle.ts';

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${account.region}:${account.accountId}:${resource}`;
const QUEUE = arn('sqs', 'q');
const OTHER = arn('sqs', 'other');
const KEY = arn('kms', 'key/k');
const SEND = { action: 'sqs:SendMessage', resource: QUEUE };
const USE_KEY = { action: 'kms:Decrypt', resource: KEY };
const send = { operation: 'SendMessage' };

let stage: AuthorizerStage;
beforeEach(() => {
  stage = new AuthorizerStage();
});
afterEach(() => stage.close());

const report = (name = 'r'): RoleReport => {
  const found = iamReport(stage.identities).roles.find((role) => role.name === name);
  if (!found) throw new Error(`no role ${name}`);
  return found;
};
const usedOf = ({ statements }: RoleReport) => statements.map(({ used }) => used);

describe('iamReport', () => {
  it('tells what each statement was good for', () => {
    // Prepare
    const caller = stage.role([
      allow('sqs:SendMessage', QUEUE, { Sid: 'Send' }),
      allow(['kms:Decrypt', 'kms:GenerateDataKey'], [KEY, arn('kms', 'key/other')]),
      allow('s3:*', '*'),
    ]);

    // Act
    stage.ask(caller, [SEND, USE_KEY], send);
    stage.ask(caller, [SEND, USE_KEY], send);
    const { statements, ...role } = report();

    // Assess
    expect(role).toEqual({ name: 'r', arn: `arn:aws:iam::${account.accountId}:role/r`, denied: [] });
    expect(statements).toEqual([
      {
        policy: 'inline',
        type: 'identity-based',
        index: 0,
        sid: 'Send',
        effect: 'Allow',
        actions: ['sqs:SendMessage'],
        resources: [QUEUE],
        used: true,
        count: 2,
        unusedActions: [],
        unusedResources: [],
        deniedWithout: [{ operation: 'sqs:SendMessage', action: 'sqs:SendMessage', resource: QUEUE, count: 2 }],
      },
      {
        policy: 'inline',
        type: 'identity-based',
        index: 1,
        effect: 'Allow',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [KEY, arn('kms', 'key/other')],
        used: true,
        count: 2,
        unusedActions: ['kms:GenerateDataKey'],
        unusedResources: [arn('kms', 'key/other')],
        deniedWithout: [{ operation: 'sqs:SendMessage', action: 'kms:Decrypt', resource: KEY, count: 2 }],
      },
      {
        policy: 'inline',
        type: 'identity-based',
        index: 2,
        effect: 'Allow',
        actions: ['s3:*'],
        resources: ['*'],
        used: false,
        count: 0,
        unusedActions: ['s3:*'],
        unusedResources: ['*'],
        deniedWithout: [],
      },
    ]);
  });

  it('misses no statement that another one stands in for', () => {
    // Prepare
    const caller = stage.role([allow('sqs:*', QUEUE), allow('*', '*'), allow('sqs:*', QUEUE)]);

    // Act
    stage.ask(caller, SEND);

    // Assess
    expect(report().statements.map(({ used, deniedWithout }) => [used, deniedWithout])).toEqual([
      [true, []],
      [true, []],
      [true, []],
    ]);
  });

  it('misses no statement where the resource itself lets the role in', () => {
    // Prepare
    const caller = stage.role([allow('sqs:*', QUEUE)]);
    stage.resourcePolicies[QUEUE] = {
      Version: '2012-10-17',
      Statement: allow('sqs:*', QUEUE, { Principal: { AWS: `arn:aws:iam::${account.accountId}:role/r` } }),
    };

    // Act
    stage.ask(caller, SEND);

    // Assess
    expect(report().statements).toMatchObject([{ used: true, deniedWithout: [] }]);
  });

  it('misses a statement of a boundary', () => {
    // Prepare
    const permissionsBoundary = stage.managed(allow('sqs:*', '*'), allow('s3:*', '*'));
    const caller = stage.role([allow('*', '*')], { permissionsBoundary });

    // Act
    stage.ask(caller, SEND, send);

    // Assess
    expect(report().statements).toMatchObject([
      { type: 'identity-based', used: true, deniedWithout: [{ resource: QUEUE }] },
      {
        type: 'permissions boundary',
        policy: permissionsBoundary,
        index: 0,
        used: true,
        deniedWithout: [{ count: 1 }],
      },
      { type: 'permissions boundary', policy: permissionsBoundary, index: 1, used: false },
    ]);
  });

  it('takes a Deny for used when it denied something, an Allow when something was allowed', () => {
    // Prepare
    const caller = stage.role([allow('sqs:*', '*'), deny('sqs:*', OTHER), deny('s3:*', '*')]);

    // Act
    stage.ask(caller, { ...SEND, resource: OTHER }, send);
    const denied = report();
    stage.ask(caller, SEND, send);

    // Assess
    expect(usedOf(denied)).toEqual([false, true, false]);
    expect(denied.denied).toEqual([
      {
        operation: 'sqs:SendMessage',
        action: 'sqs:SendMessage',
        resource: OTHER,
        count: 1,
        reason: 'identity-based: explicitDeny',
      },
    ]);
    expect(usedOf(report())).toEqual([true, true, false]);
  });

  it('counts nothing as used by a call of which another part was denied', () => {
    // Prepare
    const caller = stage.role([allow('sqs:*', '*')]);

    // Act
    stage.ask(caller, [SEND, USE_KEY], send);

    // Assess
    expect(usedOf(report())).toEqual([false]);
    expect(report().denied).toMatchObject([{ action: 'kms:Decrypt', reason: 'identity-based: implicitDeny' }]);
  });

  it('keeps what sessions of one role did apart from what those of another did', () => {
    // Prepare
    const [one, other] = ['one', 'other'].map((name) => stage.role([allow('sqs:*', '*')], { name }));

    // Act
    stage.ask(one as never, SEND);
    stage.ask(other as never, { ...SEND, action: 's3:GetObject' });

    // Assess
    expect([usedOf(report('one')), usedOf(report('other'))]).toEqual([[true], [false]]);
  });

  it('knows a statement again when its policy is put anew', () => {
    // Prepare
    const caller = stage.role([allow('sqs:*', '*')]);
    stage.ask(caller, SEND);

    // Act
    stage.role([allow('s3:*', '*'), allow('sqs:*', '*')]);

    // Assess
    expect(usedOf(report())).toEqual([false, true]);
  });

  it('tells resources apart up to a hundred, and counts the rest', () => {
    // Prepare
    const caller = stage.role([allow('sqs:*', [arn('sqs', 'q-1??'), arn('sqs', 'q-?'), arn('sqs', 'q-??')])]);

    // Act
    for (let number = 0; number < 150; number += 1)
      stage.ask(caller, { ...SEND, resource: arn('sqs', `q-${number}`) }, send);
    const [statement] = report().statements;

    // Assess
    expect(statement).toMatchObject({ count: 150, unusedResources: [] });
    expect(statement?.deniedWithout).toHaveLength(101);
    expect(statement?.deniedWithout.at(-1)).toMatchObject({ resource: null, count: 50 });
  });

  it('is bounded in what it keeps, whatever a client invents', () => {
    // Prepare
    const caller = stage.role([allow('sqs:*', '*')]);

    // Act
    for (let number = 0; number < 20_100; number += 1) stage.ask(caller, SEND, { operation: `Invented${number}` });

    // Assess
    expect(iamReport(stage.identities).unrecorded).toBe(100);
    expect(report().statements).toMatchObject([{ count: 20_000 }]);
  });

  it('is plain JSON', () => {
    // Prepare
    stage.ask(stage.role([allow('sqs:*', '*'), { Effect: 'Deny', NotAction: '*', NotResource: '*' }]), SEND);
    const whole = iamReport(stage.identities);

    // Act
    const copy: unknown = JSON.parse(JSON.stringify(whole));

    // Assess
    expect(copy).toEqual(whole);
    expect(whole.roles[0]?.statements[1]).toMatchObject({ notActions: ['*'], notResources: ['*'], unusedActions: [] });
  });

  it('names exactly what is denied when a statement is really taken away', () => {
    const cases = fc.record({
      identity: policy,
      boundary: fc.option(policy, { nil: undefined }),
      resource: fc.option(policyForAnybody, { nil: undefined }),
      permissions: fc.array(fc.oneof(anywhere, onQueue), { minLength: 2, maxLength: 8 }),
    });
    let named = 0;
    const property = fc.property(cases, ({ identity, boundary, resource, permissions }) => {
      const fresh = new AuthorizerStage();
      if (resource) fresh.resourcePolicies[BLUE] = resource;
      const permissionsBoundary = boundary && fresh.managed(...([boundary.Statement].flat() as Statement[]));
      const statements = identity.Statement as readonly Statement[];
      const caller = fresh.role(statements, { tags: TAGS, ...(permissionsBoundary && { permissionsBoundary }) });
      const outcome = (left: readonly Statement[]) =>
        permissions.filter((permission) => {
          const onBlue = permission.resource === BLUE ? resource : undefined;
          return ours({ permission, identity: policyOf(...left), boundary, resource: onBlue }) === 'Allowed';
        });
      for (const permission of permissions) fresh.ask(caller, permission);
      const [role] = iamReport(fresh.identities).roles;
      fresh.close();
      statements.forEach((_statement, index) => {
        const still = outcome(statements.filter((_one, place) => place !== index));
        const lost = outcome(statements).filter((permission) => !still.includes(permission));
        const told = role?.statements[index]?.deniedWithout.flatMap(({ action, resource: where, count }) =>
          Array.from({ length: count }, () => `${action} ${where}`),
        );
        expect(told?.sort()).toEqual(lost.map(({ action, resource: where }) => `${action} ${where}`).sort());
        named += lost.length;
      });
    });
    fc.assert(property, { seed: 20_261_126, numRuns: 100 });
    expect(named).toBeGreaterThan(50);
  });
});
