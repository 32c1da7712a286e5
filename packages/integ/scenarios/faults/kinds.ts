import { CALL_KINDS, EFFECTS, FUNCTIONS, HANGING_KINDS, KMS_KINDS } from './call-kinds.ts';
import type { FaultKind } from './fault-kind.ts';
import { TRANSIT_KINDS } from './transit-kinds.ts';

const NO_EVENT = { on: 'event', pattern: { source: ['aws.redshift-data'] }, do: 'drop' } as const;
const START = { on: 'call', caller: FUNCTIONS, operation: 'ExecuteStatement', do: 'kill', uses: 1 } as const;

/** The invoker dies over a start of which no event tells: only the sweep, or a retry, can find it. */
const halfDone = (when: 'after' | 'before'): FaultKind => ({
  name: `a start is cut short ${when} it takes effect, and no event tells`,
  befalls: START.operation,
  faults: [{ ...START, when }, NO_EVENT],
});

/** And the sweep meets more while it looks for it. */
const sought = (name: string, effect: (typeof EFFECTS)[number][1]): FaultKind => ({
  name: `a start is cut short after it has taken effect, no event tells, and ListStatements ${name}`,
  befalls: START.operation,
  isOfUnrepeated: true,
  faults: [
    { ...START, when: 'after' },
    NO_EVENT,
    { on: 'call', caller: FUNCTIONS, operation: 'ListStatements', ...effect },
  ],
});

/** No event tells that an execution has ended: the sweep asks for its tasks, or for itself, and meets more. */
const unheard = (operation: string, name: string, effect: (typeof EFFECTS)[number][1]): FaultKind => ({
  name: `no event tells of an execution's end, and ${operation} ${name}`,
  befalls: 'aws.states',
  isOfUnrepeated: operation === 'DescribeExecution',
  faults: [
    { on: 'event', pattern: { source: ['aws.states'] }, do: 'drop' },
    { on: 'call', caller: FUNCTIONS, operation, ...effect },
  ],
});

const UNHEARD = ['SendTaskHeartbeat', 'DescribeExecution'].flatMap((operation) =>
  EFFECTS.map(([name, effect]) => unheard(operation, name, effect)),
);

const SOUGHT = EFFECTS.map(([name, effect]) => sought(name, effect));

const COMMON: readonly FaultKind[] = [
  ...KMS_KINDS,
  ...TRANSIT_KINDS,
  halfDone('after'),
  halfDone('before'),
  {
    name: 'no event tells of an end, and its report is cut off after it has taken effect',
    befalls: 'SendTaskSuccess',
    faults: [
      NO_EVENT,
      { on: 'call', caller: FUNCTIONS, operation: 'SendTaskSuccess', do: 'disconnect', when: 'after', uses: 2 },
    ],
  },
];

/** Every kind of fault there is. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...CALL_KINDS.flat(),
  ...COMMON,
  ...SOUGHT,
  ...UNHEARD,
  ...HANGING_KINDS,
];

/** Every operation meets some effects, and every effect befalls some operations; all the rest, but for what costs seconds. */
export const FEWER_KINDS: readonly FaultKind[] = [
  ...CALL_KINDS.flatMap((effects, row) => effects.filter((_kind, column) => (row + column) % 4 === 0)),
  ...COMMON,
  ...SOUGHT.slice(0, 2),
  ...UNHEARD.filter((_kind, index) => index % 4 === 1),
];
