import type { Run } from '../runner/stage.ts';

/** Outputs by stack. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Brings stacks of a synthesized assembly to an account, and takes them away. */
export interface Deployment {
  /**
   * Deploys all stacks of the assembly, those first on which others depend.
   *
   * @throws Error where that fails, or the run is ended: some of it may be there
   */
  deploy(assembly: string, run: Run): Promise<StackOutputs>;
  /**
   * Removes all of them, as far as they are there; works to its end whatever becomes of the run.
   *
   * @throws Error where something is left
   */
  destroy(assembly: string, say: Run['say']): Promise<void>;
}
