import { type ScenarioStage, startScenarioStage } from '../scenarios/local-stage.ts';
import { SCENARIOS } from '../scenarios/table/index.ts';
import { type RunOptions, runStage } from './run-stage.ts';
import type { Deployed, Stage } from './stage.ts';

const SEED = 1;

/** This machine: it can do all that scenarios may need. Permissions are checked as on AWS. */
export const LOCAL: Stage = {
  name: 'local',
  lacks: {},
  deploy: async (scenarios, { say, signal }) => {
    say('Starting a local stage …');
    const start = () => startScenarioStage(scenarios, SEED, signal);
    return deployedOn(await start(), start);
  },
};

const deployedOn = (first: ScenarioStage, start: () => Promise<ScenarioStage>): Deployed => {
  let current: ScenarioStage | undefined = first;
  const close = async () => {
    const closing = current;
    current = undefined;
    await closing?.close();
  };
  return {
    get ground() {
      if (current === undefined) throw new Error('The stage is closed.');
      return current;
    },
    // A new one costs seconds.
    recover: async () => {
      await close();
      current = await start();
    },
    teardown: close,
  };
};

/** All scenarios that there are, or some, on this machine; the exit code. */
export const playLocally = (options: Omit<RunOptions, 'scenarios'>): Promise<number> =>
  runStage(LOCAL, { ...options, scenarios: SCENARIOS });
