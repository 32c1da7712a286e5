import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RESOURCE_TYPES } from '../../../src/deploy/resources/index.ts';

describe('SUPPORTED.md', () => {
  it('lists every resource type that the stage knows, and no other', () => {
    const text = readFileSync(new URL('../../../SUPPORTED.md', import.meta.url), 'utf8');
    const listed = [...text.matchAll(/^\| `(AWS::\w+::\w+)` \|/gm)].map((match) => match[1]);
    expect(listed).toEqual([...RESOURCE_TYPES.keys()].sort());
  });
});
