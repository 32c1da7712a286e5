import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../common/log.ts';
import { AssemblyError, readAssembly } from '../deploy/assembly.ts';
import type { LocalStage } from '../stage.ts';
import { reasonsOf } from './reasons.ts';
import { watchDirectory } from './watch-directory.ts';

export interface Following {
  readonly log: Log;
  /** Told after each update that succeeded. */
  readonly onUpdate: () => Promise<void>;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What an assembly asks for; undefined when there is none, or only a part of one. */
export const fingerprintOf = (directory: string): string | undefined => {
  try {
    const stacks = readAssembly(directory).map(({ stackName, template, assets }) => [stackName, template, [...assets]]);
    return createHash('sha256').update(JSON.stringify(stacks)).digest('hex');
  } catch (error) {
    if (error instanceof AssemblyError) return undefined;
    throw error;
  }
};

/** The CDK's command line keeps a file with its process id there, for as long as it writes. */
const LOCK = 'synth.lock';

const isBeingWritten = (directory: string): boolean => {
  try {
    process.kill(Number(readFileSync(path.join(directory, LOCK), 'utf8')), 0);
    return true;
  } catch (error) {
    // No file, or one that was left behind; unless the process is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/**
 * Updates the stage whenever its assembly has become another one, one update at a time. What changes meanwhile is looked at afterwards, once. An
 * update that is refused or fails is told in the log, and tried again at the next change.
 *
 * @param deployed fingerprint of what the stage was deployed from
 */
export const followAssembly = (
  stage: Pick<LocalStage, 'update'>,
  directory: string,
  deployed: string | undefined,
  { log, onUpdate, signal }: Following,
): void => {
  const follower = new Follower(stage, directory, deployed, { log, onUpdate, signal });
  const problem = (error: Error) =>
    log.warn('changes of the assembly are not seen', { error: error.name, reason: error.message });
  const watcher = watchDirectory(directory, () => follower.look(), problem);
  signal.addEventListener('abort', () => watcher.close(), { once: true });
  // It may have changed before it was watched.
  follower.look();
};

class Follower {
  readonly #stage: Pick<LocalStage, 'update'>;
  readonly #directory: string;
  readonly #following: Following;
  #deployed: string | undefined;
  #isBusy = false;
  #isAsked = false;
  /** Whether the last update has. */
  #hasFailed = false;

  constructor(
    stage: Pick<LocalStage, 'update'>,
    directory: string,
    deployed: string | undefined,
    following: Following,
  ) {
    this.#stage = stage;
    this.#directory = directory;
    this.#deployed = deployed;
    this.#following = following;
  }

  look(): void {
    this.#isAsked = true;
    if (!this.#isBusy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#isAsked && !this.#following.signal.aborted) {
      this.#isAsked = false;
      await this.#updateIfChanged();
    }
    this.#isBusy = false;
  }

  async #updateIfChanged(): Promise<void> {
    const { log, onUpdate, signal } = this.#following;
    if (isBeingWritten(this.#directory)) return;
    const found = fingerprintOf(this.#directory);
    if (found === undefined) return;
    if (found === this.#deployed) return this.#tellOfReturn();
    log.info('the assembly has changed');
    try {
      await this.#stage.update(this.#directory);
      this.#deployed = found;
      this.#hasFailed = false;
      if (!signal.aborted) await onUpdate();
    } catch (error) {
      if (signal.aborted) return;
      this.#hasFailed = true;
      log.warn('the update failed', {
        error: error instanceof Error ? error.name : 'Error',
        reasons: reasonsOf(error),
      });
    }
  }
  /** Once, after an update that failed: else whoever takes a change back waits for a word. */
  #tellOfReturn(): void {
    if (this.#hasFailed) this.#following.log.info('the assembly is again what is deployed');
    this.#hasFailed = false;
  }
}
