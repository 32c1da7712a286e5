import { liveSweepDependencies } from '../sweep/dependencies.ts';
import { makeSweepHandler } from '../sweep/make-sweep-handler.ts';

/** What no event told: looks at open statements as they come due. */
export const handler = makeSweepHandler(liveSweepDependencies(process.env));
