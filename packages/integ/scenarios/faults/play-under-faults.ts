import type { ScenarioStage } from '../local-stage.ts';
import { playScenario } from '../play-scenario.ts';
import type { Scenario } from '../scenario.ts';
import type { FaultKind } from './fault-kind.ts';

/** Plays a scenario while such faults happen; the kinds that it has met. */
export const playUnderFaults = async (
  scenario: Scenario,
  kinds: readonly FaultKind[],
  on: ScenarioStage,
): Promise<readonly FaultKind[]> => {
  const { faults } = on.stage;
  const minutes = Math.max(0, ...kinds.map(({ afterMinutes = 0 }) => afterMinutes));
  if (minutes > 0) await on.world.pass(minutes);
  const given = kinds.map((kind) => ({ kind, handles: kind.faults.map((fault) => faults.add(fault)) }));
  try {
    await playScenario(scenario, on, { underFaults: true });
    return given.filter(({ handles }) => handles.some(({ used }) => used > 0)).map(({ kind }) => kind);
  } finally {
    faults.clear();
  }
};
