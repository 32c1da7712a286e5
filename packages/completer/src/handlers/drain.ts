import { liveDependencies } from '../dependencies.ts';
import { makeHandler } from '../make-handler.ts';

/** Step 6, queue → completer → callback: settles a batch of the completion queue. */
export const handler = makeHandler(liveDependencies(process.env));
