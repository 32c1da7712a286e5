import fc from 'fast-check';
import { payload } from './payloads.ts';
import { handled } from './verdicts.ts';
import { dependenciesIn, world } from './world.ts';

/** Whatever is asked, whatever stands in the table and whatever fails: an answer or an error of ours; also when repeated. */
export const requests = fc.asyncProperty(payload, world, async (given, surroundings) => {
  const dependencies = dependenciesIn(surroundings);
  await handled(given, surroundings.remainingMs, dependencies);
  await handled(given, surroundings.remainingMs, dependencies);
});
