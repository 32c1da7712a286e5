import type { Ground } from '../scenarios/ground.ts';
import type { Need, Scenario } from '../scenarios/scenario.ts';

/** How a run tells what it does, and how it is ended. */
export interface Run {
  /** Prints a line. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Somewhere to play scenarios. */
export interface Stage {
  readonly name: 'local' | 'aws';
  /** What it cannot do, and why: scenarios that need it are skipped. */
  readonly lacks: Readonly<Partial<Record<Need, string>>>;
  /**
   * Deploys what these scenarios need. Whatever goes wrong, nothing that was started is left.
   *
   * @throws CouldNotRunError where there is nothing to deploy to, or the deployment fails
   */
  deploy(scenarios: readonly Scenario[], run: Run): Promise<Deployed>;
}

export interface Deployed {
  /** For the next scenario. */
  readonly ground: Ground;
  /** Makes good what a scenario that failed may have left running, so that the next does not fail for it. */
  recover(): Promise<void>;
  /** What else is to be done when all scenarios have been played. @throws Error that says what could not be done */
  readonly finish?: () => Promise<void>;
  /** @throws Error that says what is left, and how to remove it */
  teardown(): Promise<void>;
}

/** What keeps scenarios from being played at all, in one line. */
export class CouldNotRunError extends Error {
  override readonly name = 'CouldNotRunError';
}
