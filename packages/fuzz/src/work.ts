/** The work of `main.ts`, in a thread of its own: one that hangs can still be told from one that works. */
import { parentPort, workerData } from 'node:worker_threads';
import { checkProperties, type Extent, type Outcome } from './check-properties.ts';
import type { Fuzzing } from './fuzzing.ts';

/** What the thread tells: that it is at a case of its present property, or what came of one. */
export type Told =
  | { readonly type: 'alive' }
  | { readonly type: 'outcome'; readonly of: string; readonly outcome: Outcome };

const ALIVE_EVERY_MS = 1_000;

const PACKAGES = ['shared', 'invoker', 'completer'];

const tell = (told: Told): void => parentPort?.postMessage(told);

const aliveNowAndThen = (): (() => void) => {
  let last = 0;
  return () => {
    if (performance.now() - last < ALIVE_EVERY_MS) return;
    last = performance.now();
    tell({ type: 'alive' });
  };
};

const { cases, seed } = workerData as Extent;
const onCase = aliveNowAndThen();
for (const of of PACKAGES) {
  const { openFuzzing } = (await import(`../../${of}/tests/fuzz/properties.ts`)) as {
    readonly openFuzzing: () => Promise<Fuzzing>;
  };
  const fuzzing = await openFuzzing();
  const extent = { cases: Math.ceil(cases / PACKAGES.length), seed };
  for await (const outcome of checkProperties(fuzzing, extent, onCase)) tell({ type: 'outcome', of, outcome });
  await fuzzing.close();
}
