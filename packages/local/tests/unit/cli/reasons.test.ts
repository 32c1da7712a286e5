import { describe, expect, it } from 'vitest';
import { reasonsOf } from '../../../src/cli/reasons.ts';
import { RefusedAssemblyError } from '../../../src/deploy/refusals.ts';

describe('reasonsOf', () => {
  it('is a line for each refusal of an assembly, whatever line breaks it has', () => {
    const error = new RefusedAssemblyError([
      { where: 'Etl/Jobs', reason: 'one\n  two' },
      { where: 'Etl/Queue', reason: 'three' },
    ]);
    expect(reasonsOf(error)).toEqual(['Etl/Jobs: one two', 'Etl/Queue: three']);
  });

  it('is one line for any other error: Redshift marks the place of a mistake on a line of its own', () => {
    expect(reasonsOf(new Error('syntax error at or near "tabl"\r\n  Position: 7\n'))).toEqual([
      'syntax error at or near "tabl" Position: 7',
    ]);
    expect(reasonsOf('a text')).toEqual(['a text']);
  });
});
