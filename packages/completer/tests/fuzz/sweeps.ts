import { text } from '@sfn-redshift/fuzz';
import type { Context, ScheduledEvent } from 'aws-lambda';
import fc from 'fast-check';
import { decode } from '../../src/statement-table.ts';
import { makeSweepHandler } from '../../src/sweep/make-sweep-handler.ts';
import { NOW } from '../helpers/fixtures.ts';
import { aged, TestSweep } from '../helpers/sweep.ts';
import { HEALTHY } from './healthy.ts';
import { mustBeTold, mustNotTell } from './verdicts.ts';
import { error, promised, row } from './world.ts';

const MINUTE_MS = 60_000;
const CONTEXT = { getRemainingTimeInMillis: () => 60_000 } as Context;

/** What Redshift may tell of a statement. */
const description = fc.record(
  {
    state: fc.oneof(fc.constantFrom('FINISHED', 'FAILED', 'ABORTED', 'STARTED', 'PICKED', ''), text),
    rows: fc.integer(),
    redshiftQueryId: fc.integer(),
    errorText: text,
    updatedAt: fc.oneof(fc.constantFrom(0, NOW - MINUTE_MS, NOW), fc.integer(), fc.constant(Number.NaN)),
  },
  { requiredKeys: [] },
);

const trouble = fc.record({
  row,
  told: fc.oneof(description, error),
  listed: fc.option(error),
  fails: fc.option(error),
});

/** Whatever one row holds and Redshift tells of its statement, the sweep ends well, and others are looked at. */
export const sweeps = fc.asyncProperty(trouble, async ({ row: attributes, told, listed, fails }) => {
  const sweep = new TestSweep();
  const item = aged(5 * MINUTE_MS);
  sweep.table.seed(item);
  sweep.table.seed({ ...HEALTHY, startedAt: item.startedAt });
  const read = sweep.table.read.bind(sweep.table);
  sweep.table.read = async (key) => (key.owner === HEALTHY.owner ? await read(key) : decode(attributes));
  sweep.describe = async (id) => (id === HEALTHY.statementId ? {} : await promised(told));
  sweep.list = () => promised(listed ?? []);
  sweep.deliver = ({ taskToken }) =>
    promised(fails && taskToken !== 'token-of-the-healthy' ? fails : { type: 'delivered' });
  await makeSweepHandler(sweep.dependencies)({} as ScheduledEvent, CONTEXT);
  mustNotTell(sweep.telemetry, sweep.answers);
  mustBeTold(sweep.answers);
});
