import { describe, expect, it } from 'vitest';
import { planStatement } from '../../../../src/redshift-data/sql/plan.ts';

const nested = (open: string, levels: number, close: string): string =>
  `select ${open.repeat(levels)}1${close.repeat(levels)}`;

describe('Nesting', () => {
  it.each([
    ['nvl(', ', 1)'],
    ['(select ', ')'],
    ['(', ')'],
    ['[', ']'],
  ])('of %s is taken up to 500 levels, and refused beyond', (open, close) => {
    expect(() => planStatement(nested(open, 500, close), [])).not.toThrow();
    expect(() => planStatement(nested(open, 501, close), [])).toThrow(
      'ERROR: Nesting of more than 500 levels is not supported by the local stage',
    );
  });

  it('in a literal or a comment is none', () => {
    expect(() => planStatement(`select '${'('.repeat(1000)}' -- ${'('.repeat(1000)}`, [])).not.toThrow();
  });
});
