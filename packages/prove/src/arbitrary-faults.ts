import fc from 'fast-check';
import { FAULT_KINDS, type Fault, type TaskPlan } from './schedule.ts';

/** Requests that can go wrong. The account knows more; what no handler calls is no use here. */
export const PLACES = [
  'invoker.invoke',
  'invoker.PutItem',
  'invoker.ExecuteStatement',
  'invoker.UpdateItem',
  'invoker.GetItem',
  'invoker.Query',
  'invoker.SendTaskHeartbeat',
  'invoker.DescribeStatement',
  'invoker.CancelStatement',
  'invoker.SendMessage',
  'drain.GetItem',
  'drain.SendTaskSuccess',
  'drain.SendTaskFailure',
  'drain.UpdateItem',
  'drain.SendMessage',
  'drain.AssumeRole',
  'drain.DescribeStatement',
  'drain.Query',
  'drain.CancelStatement',
  'sweep.invoke',
  'sweep.Query',
  'sweep.GetItem',
  'sweep.UpdateItem',
  'sweep.AssumeRole',
  'sweep.ListStatements',
  'sweep.DescribeStatement',
  'sweep.SendTaskSuccess',
  'sweep.SendTaskFailure',
  'sweep.SendTaskHeartbeat',
  'sweep.DescribeExecution',
  'sweep.CancelStatement',
  'queue.DeleteMessage',
] as const;

/** The same of requests that are made for some tasks only, and for which. */
const PLACES_OF_MORE: readonly { readonly places: readonly string[]; readonly of: (plan: TaskPlan) => boolean }[] = [
  {
    places: ['drain.AssumeRole', 'drain.GetStatementResult', 'drain.GetStatementResult', 'sweep.GetStatementResult'],
    of: ({ rows }) => Boolean(rows),
  },
  { places: ['drain.PutObject', 'sweep.PutObject'], of: ({ rows }) => rows?.isStored === true },
  {
    places: [
      'drain.CreateMultipartUpload',
      'drain.UploadPart',
      'drain.CompleteMultipartUpload',
      'drain.AbortMultipartUpload',
    ],
    of: ({ rows }) => rows?.isLarge === true,
  },
  {
    places: ['invoker.BatchExecuteStatement', 'drain.DescribeStatement'],
    of: ({ batch }) => Boolean(batch),
  },
  { places: ['invoker.ExecuteStatement', 'invoker.ListSessions'], of: ({ session }) => Boolean(session) },
  {
    places: [
      'drain.SendDurableExecutionCallbackSuccess',
      'drain.SendDurableExecutionCallbackFailure',
      'sweep.SendDurableExecutionCallbackHeartbeat',
    ],
    of: ({ mode }) => mode === 'durable',
  },
];

export const faultAt = (places: readonly string[], latest = 5): fc.Arbitrary<Fault> =>
  fc.record({
    place: fc.constantFrom(...places),
    n: fc.nat(latest),
    kind: fc.constantFrom(...FAULT_KINDS),
    times: fc.integer({ min: 1, max: 4 }),
    seconds: fc.nat(60),
  });

/** For each of these a few. */
export const faultsOfMore: fc.Arbitrary<readonly (readonly Fault[])[]> = fc.tuple(
  ...PLACES_OF_MORE.map(({ places }) => fc.array(faultAt(places, 2), { maxLength: 4, size: 'max' })),
);

/** Those that can befall some task. */
export const neededFaults = (tasks: readonly TaskPlan[], faults: readonly (readonly Fault[])[]): readonly Fault[] =>
  PLACES_OF_MORE.flatMap(({ of }, index) => (tasks.some(of) ? (faults[index] ?? []) : []));
