import type { EventFault, Fault } from '../faults/fault.ts';
import type { LocalStageOptions } from './options.ts';

/**
 * The faults that a stage begins with.
 *
 * @throws RangeError when a part of the events is none
 */
export const firstFaults = ({ eventLoss, faults = [] }: LocalStageOptions): readonly Fault[] => {
  const { lost = 0, seed = 0 } = eventLoss ?? {};
  if (!(lost >= 0 && lost <= 1)) throw new RangeError(`lost must be from 0 to 1, got ${lost}`);
  if (lost === 0) return faults;
  const pattern = { source: ['aws.redshift-data'] };
  const loss: EventFault = { id: `event-loss-${seed}`, on: 'event', pattern, do: 'drop', probability: lost };
  return [loss, ...faults];
};
