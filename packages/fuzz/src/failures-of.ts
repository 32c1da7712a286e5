import { checkProperties } from './check-properties.ts';
import type { Fuzzing } from './fuzzing.ts';

/** The same every time; `npm run fuzz` tries others. */
const SEED = 20_261_126;

/** What every property of a package fails with, over so many cases: for its tests, which try few. */
export const failuresOf = async (open: () => Promise<Fuzzing>, cases: number): Promise<readonly string[]> => {
  const fuzzing = await open();
  try {
    const failures: string[] = [];
    for await (const { name, failure } of checkProperties(fuzzing, { cases, seed: SEED })) {
      if (failure !== undefined) failures.push(`${name}: ${failure}`);
    }
    return failures;
  } finally {
    await fuzzing.close();
  }
};
