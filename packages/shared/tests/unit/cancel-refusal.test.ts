import { describe, expect, it } from 'vitest';
import { awsFailureOf, uncancellableStateOf } from '../../src/index.ts';

const refusal = (message: string) =>
  awsFailureOf(Object.assign(new Error(message), { name: 'ValidationException', $metadata: { httpStatusCode: 400 } }));

describe('the state in which a statement could not be cancelled', () => {
  it.each(['FINISHED', 'FAILED', 'ABORTED', 'SUBMITTED'])('is %s where the Data API says so', (state) => {
    expect(uncancellableStateOf(refusal(`Could not cancel a query that is already in ${state} state with ID: x`))).toBe(
      state,
    );
  });

  it('is told whatever the case of the letters', () => {
    expect(uncancellableStateOf(refusal('could not cancel a query that is already in finished state.'))).toBe(
      'FINISHED',
    );
  });

  it('is unknown where the refusal is another', () => {
    expect(uncancellableStateOf(refusal('id must satisfy regex pattern: x'))).toBeUndefined();
  });
});
