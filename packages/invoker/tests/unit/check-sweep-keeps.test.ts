import { InvalidRequest } from '@sfn-redshift/shared';
import { describe, expect, it } from 'vitest';
import { checkSweepKeeps } from '../../src/check-sweep-keeps.ts';
import { REQUEST } from '../helpers/requests.ts';

const check =
  (fields: { heartbeatSeconds?: number; maxRuntimeSeconds?: number }, sweepIntervalSeconds: number | undefined = 60) =>
  () => {
    checkSweepKeeps({ ...REQUEST, ...fields }, { sweepIntervalSeconds });
  };

const checkWithout = (fields: { heartbeatSeconds?: number; maxRuntimeSeconds?: number }) => () => {
  checkSweepKeeps({ ...REQUEST, ...fields }, {});
};

describe('a request', () => {
  it.each([{}, { heartbeatSeconds: 180 }, { maxRuntimeSeconds: 1 }])(
    '%j is one that a sweep every minute keeps',
    (fields) => {
      expect(check(fields)).not.toThrow();
    },
  );

  it('for heartbeats more often than every third run is refused', () => {
    expect(check({ heartbeatSeconds: 179 })).toThrow(
      new InvalidRequest(
        'heartbeatSeconds',
        'must be at least 180, 3 times as long as the sweep, which sends heartbeats, takes from run to run (sweep.interval)',
        '179',
      ),
    );
  });

  it.each(['heartbeatSeconds', 'maxRuntimeSeconds'] as const)('for %s is refused where there is no sweep', (field) => {
    expect(checkWithout({ [field]: 600 })).toThrow(
      new InvalidRequest(field, 'needs the sweep, which this tasker has switched off (sweep.enabled)', '600'),
    );
  });

  it('that needs no sweep is taken where there is none', () => {
    expect(checkWithout({})).not.toThrow();
  });
});
