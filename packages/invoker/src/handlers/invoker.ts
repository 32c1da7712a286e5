import { liveDependencies } from '../dependencies.ts';
import { makeHandler } from '../make-handler.ts';

export const handler = makeHandler(liveDependencies(process.env));
