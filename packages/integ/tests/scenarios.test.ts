import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHOSEN } from '../scenarios/faults/chosen.ts';
import type { FaultKind } from '../scenarios/faults/fault-kind.ts';
import { happenedSince, markOf } from '../scenarios/faults/happenings.ts';
import { FEWER_KINDS } from '../scenarios/faults/kinds.ts';
import { type Played, pairUp } from '../scenarios/faults/pair-up.ts';
import { playUnderFaults } from '../scenarios/faults/play-under-faults.ts';
import { type ScenarioStage, startScenarioStage } from '../scenarios/local-stage.ts';
import { type Grant, grantsOf, NOT_NEEDED } from '../scenarios/permissions.ts';
import { playScenario } from '../scenarios/play-scenario.ts';
import { SCENARIOS } from '../scenarios/table/index.ts';

/** Which scenario meets which faults; all of them: `npm run integ:faults`. */
const SEED = 20261126;

describe('Every scenario holds,', () => {
  let on: ScenarioStage;
  const played: Played[] = [];
  const met = new Set<FaultKind>();
  let pairs: ReturnType<typeof pairUp> | undefined;

  const kindsFor = (scenario: (typeof SCENARIOS)[number]) =>
    (pairs ??= pairUp(played, FEWER_KINDS, SEED)).get(scenario) ?? [];

  beforeAll(async () => {
    on = await startScenarioStage(SCENARIOS, SEED);
  });

  afterAll(() => on?.close());

  it.each(SCENARIOS)('$name', async (scenario) => {
    const before = markOf(on.stage);
    await playScenario(scenario, on);
    played.push({ scenario, happened: happenedSince(on.stage, before) });
  });

  it.each(SCENARIOS)('under faults: $name', async (scenario) => {
    const kinds = await playUnderFaults(scenario, kindsFor(scenario), on);
    for (const kind of kinds) met.add(kind);
  });

  it('under every kind of fault', async () => {
    // One may keep another from happening: what has not come about among others does alone.
    for (const { scenario } of played) {
      for (const kind of kindsFor(scenario).filter((kind) => !met.has(kind)))
        for (const alone of await playUnderFaults(scenario, [kind], on)) met.add(alone);
    }
    expect(FEWER_KINDS.filter((kind) => !met.has(kind)).map(({ name }) => name)).toEqual([]);
  }, 120_000);

  it.each(CHOSEN)('under chosen faults: $scenario.name; $kind.name', async ({ scenario, kind }) => {
    expect(await playUnderFaults(scenario, [kind], on)).toEqual([kind]);
  });

  describe('with the permissions that the functions have:', () => {
    let grants: readonly Grant[];

    beforeAll(() => {
      grants = grantsOf(on.stage.iamReport());
    });

    it('nothing was denied', () => {
      expect(on.stage.iamReport().roles.flatMap(({ denied }) => denied)).toEqual([]);
    });

    it('every action of every statement was needed', () => {
      expect(grants.length).toBeGreaterThan(20);
      expect(grants.filter(({ isUsed, unusedActions }) => !isUsed || unusedActions.length > 0)).toEqual([]);
    });

    it('a call would be denied without any one of them, save for those of which it is known why', () => {
      const needless = grants.filter(({ isNeeded }) => !isNeeded).map(({ name }) => name);
      expect(needless).toEqual(Object.keys(NOT_NEEDED));
    });
  });
});
