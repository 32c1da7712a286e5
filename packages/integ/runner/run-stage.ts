import type { Scenario } from '../scenarios/scenario.ts';
import { INTERRUPTED, lackOf, playScenarios, reasonOf } from './play-scenarios.ts';
import { countsOf, removeReports, type ScenarioResult, writeReports } from './report.ts';
import { CouldNotRunError, type Deployed, type Run, type Stage } from './stage.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface RunOptions extends Run {
  readonly scenarios: readonly Scenario[];
  /** Only scenarios with that in their name. */
  readonly only: string | undefined;
  /** Directory of `report.json` and `junit.xml`. */
  readonly report: string;
}

export const EXIT_CODES = { ok: 0, failed: 1, couldNotRun: 2 } as const;

/**
 * Deploys, plays, reports, tears down; ends with a line `N passed, N failed, N skipped`.
 *
 * @returns the exit code: 0 where all that was played passed, 1 where something failed, or the run was ended before its end, or something is
 * left behind
 * @throws CouldNotRunError where nothing could be played; there is no report then
 */
export const runStage = async (stage: Stage, options: RunOptions): Promise<number> => {
  const chosen = choose(options);
  removeReports(options.report);
  const results = new Map<Scenario, ScenarioResult>();
  const tell = teller(options, chosen.length);
  const note = (scenario: Scenario, result: ScenarioResult) => void results.set(scenario, tell(result));
  const toPlay = chosen.filter((scenario) => lackOf(scenario, stage) === undefined);
  const deployed = toPlay.length === 0 ? undefined : await deploy(stage, toPlay, options);
  for (const scenario of chosen) {
    const lack = lackOf(scenario, stage);
    if (lack !== undefined) note(scenario, skipped(scenario, lack));
  }
  const isWhole = deployed === undefined || (await playOn(deployed, toPlay, options, note));
  const all = chosen.map((scenario) => results.get(scenario) ?? skipped(scenario, INTERRUPTED));
  writeReports(options.report, stage.name, all);
  const { passed, failed, skipped: left } = countsOf(all);
  options.say(`${passed} passed, ${failed} failed, ${left} skipped`);
  return failed === 0 && isWhole && !options.signal.aborted ? EXIT_CODES.ok : EXIT_CODES.failed;
};

const choose = ({ scenarios, only = '' }: RunOptions): readonly Scenario[] => {
  const chosen = scenarios.filter(({ name }) => name.includes(only));
  if (chosen.length === 0) throw new CouldNotRunError(`--only: no scenario has ${JSON.stringify(only)} in its name`);
  return chosen;
};

/** Whether all else was done, and nothing is left behind. */
const playOn = async (
  deployed: Deployed,
  scenarios: readonly Scenario[],
  options: RunOptions,
  note: (scenario: Scenario, result: ScenarioResult) => void,
): Promise<boolean> => {
  await playScenarios(scenarios, deployed, options, note);
  const isFinished = await finished(deployed, options);
  return (await tornDown(deployed, options)) && isFinished;
};

const finished = async ({ finish }: Deployed, { say, signal }: Run): Promise<boolean> => {
  try {
    if (!signal.aborted && finish !== undefined) await unlessAborted(signal, finish);
    return true;
  } catch (error) {
    if (!signal.aborted) say(reasonOf(error));
    return false;
  }
};

/** Undefined where the run was ended meanwhile. */
const deploy = async (stage: Stage, scenarios: readonly Scenario[], run: Run): Promise<Deployed | undefined> => {
  try {
    return await stage.deploy(scenarios, run);
  } catch (error) {
    if (run.signal.aborted) return undefined;
    throw error;
  }
};

/** Also after a failure, and when the run was ended. */
const tornDown = async (deployed: Deployed, { say, signal }: Run): Promise<boolean> => {
  if (signal.aborted) say('Ended: tearing down …');
  try {
    await deployed.teardown();
    return true;
  } catch (error) {
    say(`not torn down: ${reasonOf(error)}`);
    return false;
  }
};

const skipped = ({ name }: Scenario, reason: string): ScenarioResult => ({
  name,
  status: 'skipped',
  seconds: 0,
  reason,
});

const teller = ({ say }: Run, count: number) => {
  let told = 0;
  return (result: ScenarioResult): ScenarioResult => {
    const { name, status, seconds, reason, stack } = result;
    const place = `[${`${(told += 1)}`.padStart(`${count}`.length)}/${count}]`;
    const time = status === 'skipped' ? '' : `${seconds.toFixed(1)} s`;
    say(`${place} ${status.padEnd(7)}${time.padStart(8)}  ${name}${status === 'skipped' ? `: ${reason}` : ''}`);
    if (status === 'failed') say(stack ?? reason);
    return result;
  };
};
