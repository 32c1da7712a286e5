import type { CallRecord, LocalStage } from '@sfn-redshift/local';
import type { Scenario } from '../scenario.ts';
import type { FaultKind } from './fault-kind.ts';

interface Mark {
  readonly calls: number;
  readonly events: number;
}

/** Now. */
export const markOf = ({ calls, events }: LocalStage): Mark => ({ calls: calls.latestId, events: events.latestId });

/** Which operations the functions' own code has called since, and of which sources there were events. What the sweep calls is a matter of time. */
export const happenedSince = ({ calls, events }: LocalStage, after: Mark): ReadonlySet<string> =>
  new Set([
    ...calls
      .find({ after: after.calls })
      .filter(isOfFunction)
      .map(({ operation }) => operation),
    ...events.find({ after: after.events, outcome: 'delivered' }).map(({ source }) => source),
  ]);

const isOfFunction = ({ functionName }: CallRecord): boolean =>
  functionName !== undefined && !functionName.includes('Sweep');

/** Whether it can happen to the scenario, given what has happened where nothing went wrong. */
export const canHappenTo = (
  { isUnrepeated = false, isImpatient = false }: Scenario,
  { befalls, isOfUnrepeated = false, faults }: FaultKind,
  happened: ReadonlySet<string>,
): boolean =>
  happened.has(befalls) && (isUnrepeated || !isOfUnrepeated) && !(isImpatient && faults.some(holdsBackEnds));

/** Whether an end is told later for it than the sweep takes, or not by an event: messages that cannot be settled come again after minutes. */
const holdsBackEnds = (fault: FaultKind['faults'][number]): boolean => {
  if (fault.on === 'call') return fault.operation === 'SendTaskSuccess' && fault.do === 'fail';
  const isOfEnds = fault.on === 'message' || JSON.stringify(fault.pattern).includes('aws.redshift-data');
  return isOfEnds && (fault.do === 'drop' || fault.do === 'delay');
};
