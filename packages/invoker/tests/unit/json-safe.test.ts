import { expect, it } from 'vitest';
import { jsonSafe } from '../../src/json-safe.ts';

it('an answer of AWS keeps what JSON has: texts, numbers, booleans, lists and null', () => {
  const answer = { Name: 'one', Rows: 7, HasResultSet: false, Columns: [{ Label: null }, 'two', 3] };

  expect(jsonSafe({ ...answer, $metadata: { requestId: 'r1' } })).toStrictEqual(answer);
});
