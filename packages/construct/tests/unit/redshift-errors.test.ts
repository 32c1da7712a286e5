import { ERROR_CAUSES, ERROR_NAMES } from '@sfn-redshift/shared/names';
import { RedshiftErrors } from 'sfn-redshift-tasker';
import { describe, expect, it } from 'vitest';

const { ALL_CAUSES, ALL_RETRYABLE, ...single } = RedshiftErrors as unknown as Record<string, unknown>;

describe('the names of errors', () => {
  it('are those of the contract, all of them', () => {
    const causes = Object.values(ERROR_CAUSES).map(({ name }) => name);

    // A session that is gone has one name, whether the start was refused for it or the statement failed for it.
    const all = new Set<unknown>([...Object.values(ERROR_NAMES), ...causes]);
    expect(Object.values(single).sort()).toEqual([...all].sort());
    expect(ALL_CAUSES).toEqual(causes);
  });

  it('are each under its own name in capitals', () => {
    for (const [constant, name] of Object.entries(single)) {
      const words = name === String(name).toUpperCase() ? [String(name)] : String(name).match(/[A-Z][a-z]+/g);
      expect(constant).toBe(words?.join('_').toUpperCase());
    }
  });

  it('tell those that a retry can help with', () => {
    expect(ALL_RETRYABLE).toEqual([
      'SerializationConflict',
      'LockConflict',
      'ConnectionFailed',
      'Throttled',
      'StartInProgress',
      'ConcurrentExecution',
      'SessionBusy',
    ]);
  });
});
