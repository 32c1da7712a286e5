import type { Fuzzing } from '@sfn-redshift/fuzz';
import { requests } from './requests.ts';
import { resultPages } from './result-pages.ts';
import { rows } from './rows.ts';

/** What the invoker holds against whatever comes in. */
export const openFuzzing = (): Promise<Fuzzing> =>
  Promise.resolve({
    properties: [
      { name: 'requests', weight: 6, property: requests },
      { name: 'rows', weight: 3, property: rows },
      { name: 'result pages', weight: 3, property: resultPages },
    ],
    close: () => Promise.resolve(),
  });
