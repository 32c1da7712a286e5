import { describe, expect, it } from 'vitest';
import { finished, nextPass, stoppedAt } from '../../../src/sweep/watermark.ts';

const NOW = Date.parse('2026-11-26T08:00:00Z');

describe('the next pass', () => {
  it('is over the time since all was looked at', () => {
    expect(nextPass({ checkedUntil: NOW - 60_000 }, NOW)).toEqual({ after: NOW - 60_000, until: NOW, position: -1 });
  });

  it('is over all that can still be running where nothing is known', () => {
    expect(nextPass(undefined, NOW)).toEqual({ after: NOW - 25 * 3_600_000, until: NOW, position: -1 });
  });

  it.each([0, 1])('is none where no time has passed (%d ms back)', (milliseconds) => {
    expect(nextPass({ checkedUntil: NOW + milliseconds }, NOW)).toBeUndefined();
  });

  it('goes on where the one before had to stop, over the same time', () => {
    const pass = { after: NOW - 60_000, until: NOW, position: 7 };

    expect(nextPass(stoppedAt(pass, 9), NOW + 60_000)).toEqual({ ...pass, position: 9 });
    expect(nextPass(finished(pass), NOW)).toBeUndefined();
  });
});
