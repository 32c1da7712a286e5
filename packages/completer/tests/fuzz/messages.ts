import { anything, mutated, text } from '@sfn-redshift/fuzz';
import { encodeRefusedMessage } from '@sfn-redshift/shared';
import type { SQSRecord } from 'aws-lambda';
import fc, { type Arbitrary } from 'fast-check';
import { DEFERRALS } from '../../src/completion-message.ts';
import { CANARIES, eventOf, KEY, NOW, recordOf } from '../helpers/fixtures.ts';

const statementEvent = fc
  .tuple(fc.constantFrom('FINISHED', 'FAILED', 'ABORTED', 'STARTED'), fc.integer({ min: -1 }))
  .map(([state, rows]) => eventOf(state, { rows }));

const executionEnded = fc.record({
  type: fc.constant('executionEnded'),
  executionArn: fc.constant(KEY.owner),
  status: fc.constantFrom('ABORTED', 'TIMED_OUT', 'FAILED'),
  redriveCount: fc.constantFrom(0, 1, ''),
  stopDate: fc.constantFrom(NOW, 0, ''),
});

const refused = text.map((cause) =>
  encodeRefusedMessage({
    callback: { type: 'stepFunctions', taskToken: CANARIES.taskToken },
    error: 'InvalidRequest',
    cause,
    time: '2026-11-26T08:00:00Z',
  }),
);

const deepEvent = JSON.stringify(eventOf('FINISHED')).replace(
  /}$/,
  `,"more":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
);

/** What the queue may hold: right messages, nearly right ones, and nonsense. */
export const body: Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: mutated(fc.oneof(statementEvent, executionEnded, refused)).map((told) => JSON.stringify(told)),
  },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: anything.map((told) => JSON.stringify(told)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('[', deepEvent, '['.repeat(100_000), `{"type":"refused",${'"x":1,'.repeat(9)}}`),
  },
);

const deferrals = fc.oneof(fc.constantFrom('0', '1', '6', '1e999', '-3', 'NaN', ''), text);

/** Records as Lambda is given them; their ids count up. */
export const records: Arbitrary<readonly SQSRecord[]> = fc
  .array(fc.tuple(body, fc.option(deferrals, { nil: undefined })), { maxLength: 6 })
  .map((messages) => messages.map(([content, put], index) => withDeferrals(recordOf(content, `m${index}`), put)));

const withDeferrals = (record: SQSRecord, stringValue: string | undefined): SQSRecord =>
  stringValue === undefined
    ? record
    : { ...record, messageAttributes: { [DEFERRALS]: { dataType: 'Number', stringValue } } };
