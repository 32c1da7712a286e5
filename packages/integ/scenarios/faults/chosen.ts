import type { Fault } from '@sfn-redshift/local';
import type { Scenario } from '../scenario.ts';
import { oldStop } from '../table/endings.ts';
import { fails } from '../table/outcomes.ts';
import { queued } from '../table/sharing.ts';
import { whole } from '../table/stacks.ts';
import { denied } from '../table/targets.ts';
import { FUNCTIONS } from './call-kinds.ts';
import type { FaultKind } from './fault-kind.ts';

const FIRST_INVOKER = /FirstInvoker/;

const kill = (operation: string, caller: RegExp): Fault => ({
  on: 'call',
  caller,
  operation,
  do: 'kill',
  when: 'after',
  uses: 1,
});

const LOST_COMPLETIONS: FaultKind = {
  name: 'completion events are lost',
  befalls: 'aws.redshift-data',
  faults: [{ on: 'event', pattern: { source: ['aws.redshift-data'] }, do: 'drop' }],
};

/** What has to come together for something to be done that is done seldom. */
export const CHOSEN: readonly { readonly scenario: Scenario; readonly kind: FaultKind }[] = [
  // The sweep tells of a failure, also of a second target.
  { scenario: fails, kind: LOST_COMPLETIONS },
  { scenario: denied, kind: LOST_COMPLETIONS },
  // Lambda repeats a retry that has noted what it is to adopt, and no more.
  {
    scenario: queued,
    kind: {
      name: 'the second PutItem kills its function after it has taken effect',
      befalls: 'PutItem',
      faults: [{ on: 'call', caller: FUNCTIONS, operation: 'PutItem', do: 'kill', when: 'after', nth: 2 }],
    },
  },
  // Each function that a resource needs dies once, and its event is lost.
  {
    scenario: whole,
    kind: {
      name: 'PutItem, ExecuteStatement and UpdateItem kill their functions after they have taken effect, and no event tells',
      befalls: 'ExecuteStatement',
      faults: [
        ...['PutItem', 'ExecuteStatement'].map((operation) => kill(operation, FIRST_INVOKER)),
        { on: 'event', pattern: { source: ['aws.redshift-data'] }, do: 'drop', uses: 1 },
        kill('UpdateItem', /FirstDrain/),
      ],
    },
  },
  // The sweep looks whether an execution is over.
  {
    scenario: oldStop,
    kind: {
      name: 'events of executions are lost',
      befalls: 'aws.states',
      faults: [{ on: 'event', pattern: { source: ['aws.states'] }, do: 'drop' }],
    },
  },
];
