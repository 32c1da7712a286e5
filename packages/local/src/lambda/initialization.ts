import type { Clock } from '../common/clock.ts';
import { type OutputLine, type Sandbox, SandboxBroken } from './sandbox/sandbox.ts';

/** Lambda's limit for loading a function's code, apart from the function's own. */
const LIMIT_MS = 10_000;

/** How the code of a new sandbox was loaded. */
export interface Initialization {
  readonly durationMs: number;
  /** What was written meanwhile. */
  readonly output: readonly OutputLine[];
  /** Set when it failed: Lambda then tries once more, on the time of the first invocation. */
  readonly failure?: 'timeout' | { readonly errorType: string };
}

/** Waits until a new sandbox has loaded its code, up to Lambda's limit, at which it is ended. Never rejects. */
export const initialization = async (sandbox: Sandbox, clock: Clock): Promise<Initialization> => {
  const startedAt = clock.now();
  let isLate = false;
  const alarm = clock.after(LIMIT_MS, () => {
    isLate = true;
    void sandbox.terminate();
  });
  const error: unknown = await sandbox.ready.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  alarm.cancel();
  const durationMs = clock.now() - startedAt;
  const output = sandbox.takeOutput();
  if (isLate) return { durationMs, output, failure: 'timeout' };
  if (!(error instanceof SandboxBroken)) return { durationMs, output };
  return { durationMs, output, failure: { errorType: error.payload.errorType } };
};
