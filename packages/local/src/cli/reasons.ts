import { RefusedAssemblyError } from '../deploy/refusals.ts';

/** What is wrong, one line for each thing: a reason with line breaks, as one that SQL is quoted in, is one reason all the same. */
export const reasonsOf = (error: unknown): readonly string[] => {
  if (error instanceof RefusedAssemblyError)
    return error.refusals.map(({ where, reason }) => folded(`${where}: ${reason}`));
  return [folded(error instanceof Error ? error.message : String(error))];
};

const folded = (text: string): string => text.trim().replaceAll(/\s*[\r\n]\s*/g, ' ');
