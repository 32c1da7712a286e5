import type { EventFault } from '@sfn-redshift/local';
import type { FaultKind } from './fault-kind.ts';

const LATE_MS = 30 * 60_000;

type Effect = Pick<EventFault, 'delayMs' | 'do' | 'window'>;

const LOST: Effect = { do: 'drop' };
const EFFECTS: readonly (readonly [name: string, effect: Effect])[] = [
  ['come twice', { do: 'duplicate' }],
  ['come half an hour late', { do: 'delay', delayMs: LATE_MS }],
  ['come out of order', { do: 'reorder', window: 2 }],
];

const eventsOf = (name: string, source: string): readonly FaultKind[] =>
  [['are lost', LOST] as const, ...EFFECTS].map(([what, effect]) => ({
    name: `${name} ${what}`,
    befalls: source,
    faults: [{ on: 'event', pattern: { source: [source] }, ...effect }],
  }));

/** What befalls events and messages on their way. SQS loses none. */
export const TRANSIT_KINDS: readonly FaultKind[] = [
  ...eventsOf('completion events', 'aws.redshift-data'),
  ...eventsOf('events of executions', 'aws.states'),
  ...EFFECTS.map(
    ([what, effect]): FaultKind => ({
      name: `messages ${what}`,
      befalls: 'aws.redshift-data',
      faults: [{ on: 'message', queue: /CompletionQueue/, ...effect }],
    }),
  ),
];
