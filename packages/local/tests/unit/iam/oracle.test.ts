import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account } from '../../helpers/gateway.ts';
import {
  anywhere,
  onKey,
  onQueue,
  onRole,
  policy,
  policyForAnybody,
  policyForRoles,
  trustPolicy,
} from '../../helpers/iam-cases.ts';
import { type Case, type Outcome, ours, theirs } from '../../helpers/iam-oracle.ts';

/** The same cases in every run. */
const SEED = 20_261_126;
/** Of each hundred cases at least this many end so: of cases that are all alike, agreement says little. */
const FLOORS: Readonly<Record<Outcome, number>> = { Allowed: 10, ImplicitlyDenied: 10, ExplicitlyDenied: 5 };

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const rule = {
  arn: 'events.amazonaws.com',
  sourceArn: `arn:aws:events:${account.region}:${account.accountId}:rule/r`,
};
const bounded = { identity: policy, boundary: maybe(policy) };

const PROPERTIES: readonly (readonly [string, number, fc.Arbitrary<Case>])[] = [
  ['the policies of a role', 1500, fc.record({ permission: anywhere, identity: policy })],
  ['a role within a boundary', 800, fc.record({ permission: anywhere, identity: policy, boundary: policy })],
  ['a role narrowed by a session policy', 800, fc.record({ permission: anywhere, identity: policy, session: policy })],
  [
    'a queue with its policy, and a role within a boundary',
    800,
    fc.record({ permission: onQueue, ...bounded, resource: policyForAnybody }),
  ],
  [
    'a queue with its policy, and a session with one too',
    600,
    fc.record({ permission: onQueue, ...bounded, session: policy, resource: policyForRoles }),
  ],
  ['a key with its policy', 800, fc.record({ permission: onKey, ...bounded, resource: policyForAnybody })],
  ['a role with its trust policy', 600, fc.record({ permission: onRole, ...bounded, resource: trustPolicy })],
  [
    'a service that acts for itself',
    600,
    fc.record({ permission: onQueue, service: fc.constant(rule), resource: policyForAnybody }),
  ],
];

/**
 * Where the simulator and AWS's documentation differ, the generators leave the shape out and say so; the documented behaviour of those shapes
 * has tests of its own, in documented-shapes.test.ts.
 */
describe('The evaluation of policies agrees with an independent simulator', () => {
  it.each(PROPERTIES)('on %s, in %i cases', async (_what, numRuns, cases) => {
    // Prepare
    const outcomes: Record<Outcome, number> = { Allowed: 0, ImplicitlyDenied: 0, ExplicitlyDenied: 0 };

    // Act
    const property = fc.asyncProperty(cases, async (one) => {
      const outcome = ours(one);
      expect(outcome).toBe(await theirs(one));
      outcomes[outcome] += 1;
    });
    await fc.assert(property, { seed: SEED, numRuns });

    // Assess
    for (const [outcome, floor] of Object.entries(FLOORS) as [Outcome, number][])
      expect((100 * outcomes[outcome]) / numRuns, outcome).toBeGreaterThan(floor);
  });

  it('in 5,000 cases altogether, and more', () => {
    expect(PROPERTIES.reduce((sum, [, runs]) => sum + runs, 0)).toBeGreaterThanOrEqual(5000);
  });
});
