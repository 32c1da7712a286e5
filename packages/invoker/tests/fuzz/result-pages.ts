import { anything, mutated, text } from '@sfn-redshift/fuzz';
import fc, { type Arbitrary } from 'fast-check';
import { testDependencies } from '../helpers/dependencies.ts';
import { STATEMENT_ID } from '../helpers/requests.ts';
import { handled } from './verdicts.ts';

/** What the SDK makes of an answer may hold more than JSON does. */
const value = fc.oneof(
  anything,
  fc.constant(undefined),
  fc.date(),
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const field = fc.oneof(
  fc.record({ stringValue: text }),
  fc.record({ longValue: fc.maxSafeInteger() }),
  fc.record({ doubleValue: fc.double() }),
  fc.record({ booleanValue: fc.boolean() }),
  fc.record({ blobValue: fc.uint8Array({ maxLength: 40 }) }),
  fc.constant({ isNull: true }),
);
const column = fc.record({ name: text, typeName: text, nullable: fc.constantFrom(0, 1, 2), length: fc.integer() });

const page: Arbitrary<object> = fc
  .record(
    {
      Records: fc.array(fc.array(field, { maxLength: 4 }), { maxLength: 8 }),
      ColumnMetadata: fc.array(fc.oneof(column, mutated(column)), { maxLength: 4 }),
      TotalNumRows: fc.nat(),
      NextToken: text,
      Extra: value,
    },
    { requiredKeys: [] },
  )
  .map((answer) => ({ ...answer, $metadata: { httpStatusCode: 200, requestId: 'r' } }));

/** A page that is about as long as a state holds, or much longer. */
const longPage = fc
  .tuple(page, text, fc.integer({ min: 1, max: 20_000 }))
  .map(([answer, part, times]) => ({ ...answer, Long: `${part}x`.repeat(times) }));

const MAX_BYTES = 262_144;

/** A page is handed on as JSON that a state holds, whole, or refused. */
export const resultPages = fc.asyncProperty(
  fc.oneof({ weight: 4, arbitrary: page }, { weight: 1, arbitrary: longPage }),
  fc.constantFrom('getStatementResult', 'describeStatement', 'cancelStatement'),
  async (answer, action) => {
    const dependencies = testDependencies();
    dependencies.dataApi.answer = answer;
    const told = await handled({ action, statementId: STATEMENT_ID }, 30_000, dependencies);
    if (told === undefined) return;
    if (!isJson(told)) throw new Error('the answer holds what JSON does not');
    const bytes = Buffer.byteLength(JSON.stringify(told));
    if (bytes > MAX_BYTES) throw new Error(`the answer has ${bytes} bytes`);
  },
);

const isJson = (told: unknown): boolean => {
  if (Array.isArray(told)) return told.every(isJson);
  if (typeof told === 'number') return Number.isFinite(told);
  if (typeof told !== 'object' || told === null) return told === null || /^(string|boolean)$/.test(typeof told);
  return Object.getPrototypeOf(told) === Object.prototype && Object.values(told).every(isJson);
};
