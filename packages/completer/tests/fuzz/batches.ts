import type { Context, SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import { makeHandler } from '../../src/make-handler.ts';
import { TestDrain } from '../helpers/drain.ts';
import { ITEM } from '../helpers/fixtures.ts';
import { HEALTHY, healthyRecord } from './healthy.ts';
import { isMalformed } from './malformed.ts';
import { records } from './messages.ts';
import { mustBeTold, mustNotTell } from './verdicts.ts';
import { rowsIn, trouble, troubled } from './world.ts';

const CONTEXT = { getRemainingTimeInMillis: () => 30_000 } as Context;

/** Hands the batch to the real handler; gives the ids of those to be received again. */
const handled = async (batch: readonly SQSRecord[], drain: TestDrain): Promise<readonly string[]> => {
  const { batchItemFailures } = await makeHandler(drain.dependencies)({ Records: [...batch] }, CONTEXT);
  mustNotTell(drain.telemetry, drain.answers);
  if (drain.telemetry.published !== 1) throw new Error('the counts were not published once');
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
};

/** As long as AWS does its part, no message comes back, whatever it says; and what is in order is settled. */
export const batches = fc.asyncProperty(records, fc.nat({ max: 6 }), async (messages, place) => {
  const drain = new TestDrain();
  drain.table.seed(ITEM);
  drain.table.seed(HEALTHY);
  const retried = await handled(messages.toSpliced(place, 0, healthyRecord), drain);
  if (retried.length > 0) throw new Error(`${retried.join(', ')} will be received again: ${drain.log}`);
  mustBeTold(drain.answers);
});

/** Whatever AWS does and whatever the table holds, the batch is answered, and what is malformed does not come back. */
export const troubledBatches = fc.asyncProperty(records, rowsIn, trouble, async (messages, row, given) => {
  const drain = troubled(new TestDrain(), given);
  drain.table.seed(ITEM);
  drain.table.read = () => row;
  const retried = await handled(messages, drain);
  const ids = messages.filter((record) => !isMalformed(record)).map(({ messageId }) => messageId);
  const wrong = retried.filter((id) => !ids.includes(id));
  if (wrong.length > 0) throw new Error(`${wrong.join(', ')} will be received again: ${drain.log}`);
});
