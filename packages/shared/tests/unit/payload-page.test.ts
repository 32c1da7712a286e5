import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT_FIELDS, FIELD_NAMES } from '../../src/task-request-fields.ts';

const page = readFileSync(new URL('../../../../docs/payload.md', import.meta.url), 'utf8');
const [, fields = ''] = /\n## Fields\n([^]*?)\n## /.exec(page) ?? [];

/** What stands in backquotes in the first cells of the table. */
const named = fields
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name));

describe('docs/payload.md', () => {
  it('has each field of a request in its table, and no other', () => {
    const ofRequests = FIELD_NAMES.filter((name) => !EVENT_FIELDS.some((ofEvents) => ofEvents === name));

    expect(named.toSorted()).toEqual(ofRequests.toSorted());
  });
});
