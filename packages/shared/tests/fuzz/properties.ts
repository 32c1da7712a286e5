import type { Fuzzing } from '@sfn-redshift/fuzz';
import { events } from './events.ts';
import { items } from './items.ts';
import { requests } from './requests.ts';
import { resources } from './resources.ts';
import { keys, statementNames } from './statement-names.ts';
import { causes, credentials } from './texts.ts';

/** What the contract holds against whatever comes in. */
export const openFuzzing = (): Promise<Fuzzing> =>
  Promise.resolve({
    properties: [
      { name: 'requests', weight: 6, property: requests },
      { name: 'resources', weight: 4, property: resources },
      { name: 'events', weight: 6, property: events },
      { name: 'items', weight: 6, property: items },
      { name: 'statement names', weight: 4, property: statementNames },
      { name: 'keys', weight: 4, property: keys },
      { name: 'credentials', weight: 4, property: credentials },
      { name: 'causes', weight: 1, property: causes },
    ],
    close: () => Promise.resolve(),
  });
