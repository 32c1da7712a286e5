import type { TrackingItem } from '@sfn-redshift/shared';
import { type KnownError, readErrorText } from './error-text.ts';
import type { DescribeDependencies } from './read-description.ts';
import type { Wait } from './settlement.ts';
import type { Ending, UnknownEnding } from './statement-ending.ts';

/** How ends are told, in the form that is for whoever waits. */
export interface Teller<A> {
  unknown(ending: UnknownEnding): A;
  finished(ending: Ending): A | Promise<A | Wait>;
  /** We have cancelled it because it ran longer than its request allows. `known`: of a batch what became of its statements. */
  overrun(ending: Ending, known?: KnownError): A;
  failed(ending: Ending, state: 'FAILED' | 'ABORTED', known: KnownError): A | Promise<A>;
}

/** What whoever waits is told of the end of the item's statement; or a while to wait before what must be known is read again. */
export const chooseAnswer = async <A>(
  ending: Ending | UnknownEnding,
  item: TrackingItem,
  teller: Teller<A>,
  dependencies: DescribeDependencies,
): Promise<A | Wait> => {
  if (ending.state === 'UNKNOWN') return teller.unknown(ending);
  if (ending.state === 'FINISHED') return await teller.finished(ending);
  const isOverrun = ending.state === 'ABORTED' && item.cancelCause === 'maxRuntimeSeconds';
  if (isOverrun && !item.batch) return teller.overrun(ending);
  const known = await readErrorText(ending, item, dependencies);
  if (known.type === 'wait') return known;
  return isOverrun ? teller.overrun(ending, known) : await teller.failed(ending, ending.state, known);
};
