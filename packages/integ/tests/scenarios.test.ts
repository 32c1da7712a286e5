import { CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHOSEN } from '../scenarios/faults/chosen.ts';
import type { FaultKind } from '../scenarios/faults/fault-kind.ts';
import { canHappenTo, happenedSince, markOf } from '../scenarios/faults/happenings.ts';
import { FEWER_KINDS } from '../scenarios/faults/kinds.ts';
import { type Played, pairUp } from '../scenarios/faults/pair-up.ts';
import { playUnderFaults } from '../scenarios/faults/play-under-faults.ts';
import { findLeaks, type Secret } from '../scenarios/leaks/find-leaks.ts';
import { secretsOf } from '../scenarios/leaks/secrets-of.ts';
import { histories, logLines, metricNames, type ToldText } from '../scenarios/leaks/told-texts.ts';
import { type ScenarioStage, startScenarioStage } from '../scenarios/local-stage.ts';
import { type Grant, grantsOf, NOT_NEEDED } from '../scenarios/permissions.ts';
import { playScenario } from '../scenarios/play-scenario.ts';
import { SCENARIOS } from '../scenarios/table/index.ts';

/** Which scenario meets which faults; all of them: `npm run integ:faults`. */
const SEED = 20261126;
/** For one of them where much else runs. */
const PATIENCE_MS = 120_000;

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

  it.each(SCENARIOS)(
    '$name',
    async (scenario) => {
      const before = markOf(on.stage);
      await playScenario(scenario, on);
      played.push({ scenario, happened: happenedSince(on.stage, before) });
    },
    PATIENCE_MS,
  );

  it.each(SCENARIOS)(
    'under faults: $name',
    async (scenario) => {
      const kinds = await playUnderFaults(scenario, kindsFor(scenario), on);
      for (const kind of kinds) met.add(kind);
    },
    PATIENCE_MS,
  );

  it(
    'under every kind of fault',
    async () => {
      // One may keep another from happening, and some depend on who is faster: these are tried alone, where they can happen.
      for (const kind of FEWER_KINDS.filter((kind) => !met.has(kind)))
        for (const { scenario, happened } of played)
          if (!met.has(kind) && canHappenTo(scenario, kind, happened))
            for (const alone of await playUnderFaults(scenario, [kind], on)) met.add(alone);
      expect(FEWER_KINDS.filter((kind) => !met.has(kind)).map(({ name }) => name)).toEqual([]);
    },
    2 * PATIENCE_MS,
  );

  it.each(CHOSEN)(
    'under chosen faults: $scenario.name; $kind.name',
    async ({ scenario, kind }) => {
      expect(await playUnderFaults(scenario, [kind], on)).toEqual([kind]);
    },
    PATIENCE_MS,
  );

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

  describe('and tells nobody a secret:', () => {
    let texts: readonly ToldText[];
    let secrets: readonly Secret[];

    beforeAll(async () => {
      const told = await histories(on.world.sfn);
      texts = [...told.texts, ...(await logLines(on.logs)), ...metricNames(on)];
      secrets = secretsOf(on, told.taskTokens);
    });

    it('there is much to be told', () => {
      for (const kind of ['log', 'metric', 'outcome', 'cause'])
        expect(texts.filter((text) => text.kind === kind).length, kind).toBeGreaterThan(10);
      expect(secrets.filter(({ name }) => name === 'task token').length).toBeGreaterThan(SCENARIOS.length);
    });

    it('no token, parameter value, SQL or credential is in a log, a metric, an outcome or a cause', () => {
      expect(findLeaks(secrets, texts)).toEqual([]);
    });

    it('what is logged on purpose is found', async () => {
      const logGroupName = texts.find(({ kind }) => kind === 'log')?.where ?? '';
      const planted = [...new Map(secrets.map((secret) => [secret.name, secret])).values()].filter(
        ({ text }) => typeof text === 'string',
      );
      await logLine(
        on.logs,
        logGroupName,
        planted.map(({ text }) => text as string),
      );

      const leaks = findLeaks(planted, await logLines(on.logs));

      expect(leaks.length).toBeGreaterThan(5);
      expect(leaks).toEqual(planted.map(({ name }) => ({ secret: name, kind: 'log', where: logGroupName })));
    });
  });
});

const logLine = async (logs: ScenarioStage['logs'], logGroupName: string, lines: readonly string[]): Promise<void> => {
  const logStreamName = 'planted';
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const logEvents = lines.map((line) => ({ timestamp: Date.now(), message: `planted: ${line}.` }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
};
