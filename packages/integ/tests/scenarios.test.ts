import { afterAll, beforeAll, describe, it } from 'vitest';
import { type ScenarioStage, startScenarioStage } from '../scenarios/local-stage.ts';
import { playScenario } from '../scenarios/play-scenario.ts';
import { SCENARIOS } from '../scenarios/table/index.ts';

describe('Every scenario holds:', () => {
  let on: ScenarioStage;

  beforeAll(async () => {
    on = await startScenarioStage(SCENARIOS, 1);
  });

  afterAll(() => on?.close());

  it.each(SCENARIOS)('$name', (scenario) => playScenario(scenario, on));
});
