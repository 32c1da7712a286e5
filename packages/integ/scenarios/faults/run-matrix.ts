import { type ScenarioStage, startScenarioStage } from '../local-stage.ts';
import { playScenario } from '../play-scenario.ts';
import type { Scenario } from '../scenario.ts';
import type { FaultKind } from './fault-kind.ts';
import { canHappenTo, happenedSince, markOf } from './happenings.ts';
import { playUnderFaults } from './play-under-faults.ts';

export interface MatrixOptions {
  readonly scenarios: readonly Scenario[];
  readonly kinds: readonly FaultKind[];
  readonly seed: number;
  /** Told of each play. */
  readonly report: (play: Play) => void;
  readonly signal: AbortSignal;
}

/** How a scenario came out under a kind of fault. */
export interface Play {
  readonly scenario: Scenario;
  /** Undefined: without a fault. */
  readonly kind: FaultKind | undefined;
  readonly seconds: number;
  /** Whether the fault has happened. */
  readonly isMet: boolean;
  readonly error: unknown;
}

/** Plays every scenario under every kind of fault that can happen to it, each on its own; a stage that a failure has left dirty is replaced. */
export const runMatrix = async (options: MatrixOptions): Promise<void> => {
  const stages = new Stages(options);
  try {
    for (const scenario of options.scenarios) {
      if (options.signal.aborted) return;
      await playAll(scenario, stages, options);
    }
  } finally {
    await stages.close();
  }
};

const playAll = async (scenario: Scenario, stages: Stages, { kinds, report, signal }: MatrixOptions): Promise<void> => {
  const on = await stages.clean();
  const before = markOf(on.stage);
  const plain = await timed(scenario, undefined, async () => {
    await playScenario(scenario, on);
    return true;
  });
  report(plain);
  if (plain.error) stages.isDirty = true;
  const happened = happenedSince(on.stage, before);
  for (const kind of kinds.filter((kind) => canHappenTo(scenario, kind, happened))) {
    if (signal.aborted) return;
    const stage = await stages.clean();
    const play = await timed(scenario, kind, async () => (await playUnderFaults(scenario, [kind], stage)).length > 0);
    if (play.error) stages.isDirty = true;
    report(play);
  }
};

const timed = async (scenario: Scenario, kind: FaultKind | undefined, play: () => Promise<boolean>): Promise<Play> => {
  const startedAt = performance.now();
  const done = (isMet: boolean, error?: unknown): Play => ({
    scenario,
    kind,
    seconds: (performance.now() - startedAt) / 1000,
    isMet,
    error,
  });
  try {
    return done(await play());
  } catch (error) {
    return done(true, error);
  }
};

class Stages {
  isDirty = true;
  readonly #options: Pick<MatrixOptions, 'scenarios' | 'seed'>;
  #current: ScenarioStage | undefined;

  constructor(options: Pick<MatrixOptions, 'scenarios' | 'seed'>) {
    this.#options = options;
  }

  async clean(): Promise<ScenarioStage> {
    if (this.#current && !this.isDirty) return this.#current;
    await this.close();
    this.#current = await startScenarioStage(this.#options.scenarios, this.#options.seed);
    this.isDirty = false;
    return this.#current;
  }

  async close(): Promise<void> {
    await this.#current?.close();
  }
}
