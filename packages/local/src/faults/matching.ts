import type { Caller } from '../common/service.ts';
import type { TextMatch } from './fault.ts';

/** Whether one of the texts is what is wanted; without a wish any is. */
export const matchesText = (wanted: TextMatch | undefined, ...texts: readonly string[]): boolean => {
  if (wanted === undefined) return true;
  // A pattern with the flag g or y would begin where it has left off.
  return texts.some((text) => (typeof wanted === 'string' ? text === wanted : text.search(wanted) >= 0));
};

/**
 * What a caller may be called by.
 *
 * @param functionName of the function whose code makes the call
 */
export const namesOf = (caller: Caller, functionName: string | undefined): readonly string[] => [
  caller.arn,
  ...(caller.type === 'role' ? withName(caller.roleArn) : []),
  ...('sourceArn' in caller && caller.sourceArn !== undefined ? withName(caller.sourceArn) : []),
  ...(functionName === undefined ? [] : [functionName]),
];

const withName = (arn: string): readonly string[] => [
  arn,
  arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1),
];
