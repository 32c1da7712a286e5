import { mutated } from '@sfn-redshift/fuzz';
import { encodeTrackingItem, type TrackingItem } from '@sfn-redshift/shared';
import fc, { type Arbitrary } from 'fast-check';
import type { Delivery } from '../../src/callback.ts';
import { decode } from '../../src/statement-table.ts';
import type { TestDrain } from '../helpers/drain.ts';
import { awsError, CANARIES, ITEM } from '../helpers/fixtures.ts';

/** What a call may throw; the texts of these errors quote the token. */
export const error: Arbitrary<Error> = fc
  .tuple(
    fc.constantFrom(
      'ValidationException',
      'ThrottlingException',
      'ResourceNotFoundException',
      'InternalServerException',
      'AccessDeniedException',
      'QueryTimeoutException',
    ),
    fc.constantFrom(undefined, 400, 404, 500),
  )
  .map(([name, status]) => awsError(name, status));

const outcomeOf = <T>(...results: readonly T[]): Arbitrary<T | Error> =>
  fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...results) }, { weight: 1, arbitrary: error });

/** What AWS does about each kind of call. */
export const trouble = fc.record({
  deliver: outcomeOf<Delivery>(
    { type: 'delivered' },
    { type: 'gone', reason: 'TaskTimedOut' },
    { type: 'invalidOutput' },
  ),
  cancel: outcomeOf(true, false),
  errorText: outcomeOf(undefined, CANARIES.errorText, `${CANARIES.errorText} ${'x'.repeat(40_000)}`),
  defer: outcomeOf(undefined),
});

type Trouble = typeof trouble extends Arbitrary<infer T> ? T : never;

export const promised = <T>(result: T | Error): Promise<T> =>
  result instanceof Error ? Promise.reject(result) : Promise.resolve(result);

export const troubled = (drain: TestDrain, { deliver, cancel, errorText, defer }: Trouble): TestDrain =>
  Object.assign(drain, {
    deliver: () => promised(deliver),
    cancel: () => promised(cancel),
    errorText: () => promised(errorText),
    defer: () => promised(defer),
  });

const { statementId: _statementId, ...CLAIM } = ITEM;

/** A row as the invoker of any version could have written it, or nearly so. */
export const row: Arbitrary<unknown> = mutated(
  fc
    .constantFrom<TrackingItem>(
      ITEM,
      { ...CLAIM, status: 'starting' },
      { ...ITEM, status: 'cancelling', generation: 2 },
      { ...ITEM, status: 'closed', outcome: 'FINISHED', delivered: true },
      { ...ITEM, callback: { type: 'none' } },
      { ...ITEM, callback: { type: 'durableFunction', callbackId: CANARIES.responseUrl } },
    )
    .map(encodeTrackingItem),
  2,
);

/** What a read of the table comes to. */
export const rowsIn: Arbitrary<Promise<TrackingItem | undefined>> = row.map((attributes) => {
  const read = Promise.resolve(attributes).then(decode);
  // Not every case reads it.
  read.catch(() => undefined);
  return read;
});
