import { playScenario } from '../scenarios/play-scenario.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { ScenarioResult } from './report.ts';
import type { Deployed, Run, Stage } from './stage.ts';
import { unlessAborted } from './unless-aborted.ts';

/** Wall time after which it is said what is being played. */
const SAY_AFTER_MS = 5_000;

/** Why a scenario is not played on a stage; undefined: it is. */
export const lackOf = ({ needs = [] }: Scenario, { lacks }: Stage): string | undefined => {
  const reasons = needs.flatMap((need) => lacks[need] ?? []);
  return reasons.length === 0 ? undefined : reasons.join('; ');
};

/** Plays scenarios one after the other until the run is ended, and tells of each. */
export const playScenarios = async (
  scenarios: readonly Scenario[],
  deployed: Deployed,
  run: Run,
  note: (scenario: Scenario, result: ScenarioResult) => void,
): Promise<void> => {
  for (const scenario of scenarios) {
    if (run.signal.aborted) return;
    const result = await resultOf(scenario, deployed, run);
    note(scenario, result);
    const isNext = scenario !== scenarios.at(-1);
    if (result.status === 'failed' && isNext && !(await recovered(deployed, run))) return;
  }
};

/** Without it the others could not be trusted. */
const recovered = async (deployed: Deployed, { say, signal }: Run): Promise<boolean> => {
  try {
    await unlessAborted(signal, () => deployed.recover());
    return true;
  } catch (error) {
    if (!signal.aborted) say(`no further scenarios, as what one has left could not be made good: ${reasonOf(error)}`);
    return false;
  }
};

const resultOf = async (scenario: Scenario, { ground }: Deployed, { say, signal }: Run): Promise<ScenarioResult> => {
  const startedAt = performance.now();
  const done = (status: ScenarioResult['status'], reason = '', stack?: string): ScenarioResult => {
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    return { name: scenario.name, status, seconds, reason, ...(stack !== undefined && { stack }) };
  };
  const telling = setTimeout(() => say(`playing: ${scenario.name}`), SAY_AFTER_MS);
  try {
    await unlessAborted(signal, () => playScenario(scenario, ground));
    return done('passed');
  } catch (error) {
    if (signal.aborted) return done('skipped', INTERRUPTED);
    return done('failed', reasonOf(error), error instanceof Error ? error.stack : undefined);
  } finally {
    clearTimeout(telling);
  }
};

/** Why a scenario is skipped that was still to be played, or to its end, when the run ended. */
export const INTERRUPTED = 'the run was ended before it could end';

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
