import { describe, expect, it } from 'vitest';
import { applies, plantedBugs } from '../src/planted-bugs.ts';

describe('a planted bug', () => {
  it.each(plantedBugs())('still applies to the sources: $patch', ({ patch }) => {
    expect(applies(patch)).toBe('');
  });

  it('is there twice for every invariant', () => {
    const invariants = plantedBugs().map(({ invariant }) => invariant);

    for (const invariant of ['1', '2', '3', '4', '5', '6', '7']) {
      expect(invariants.filter((of) => of === invariant).length, `invariant ${invariant}`).toBeGreaterThanOrEqual(2);
    }
  });
});
