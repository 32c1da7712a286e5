import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boundedOwner,
  checkPrefix,
  decodeStatementName,
  encodeStatementName,
  MalformedMessage,
} from '../../src/index.ts';
import { anyText } from '../helpers/arbitraries.ts';
import { EXECUTION } from '../helpers/canaries.ts';
import { KEY, PREFIX, STATEMENT_NAME } from '../helpers/examples.ts';

const hex = fc.stringMatching(/^[0-9a-f]{32}$/);
const prefix = fc
  .string({ minLength: 1, maxLength: 79 })
  .filter((text) => !text.includes('/'))
  .map((text) => `${text}/`);
const owner = anyText({ minLength: 1, maxLength: 1_000 }).map(boundedOwner);

describe('a statement name', () => {
  it('shows prefix, key and execution, in this order', () => {
    expect(encodeStatementName(PREFIX, KEY)).toBe(STATEMENT_NAME);
  });

  it('gives its key back, whatever the owner, after a way through UTF-8', () => {
    fc.assert(
      fc.property(prefix, owner, hex, (anyPrefix, anyOwner, invocationKey) => {
        const name = encodeStatementName(anyPrefix, { owner: anyOwner, invocationKey });
        const received = Buffer.from(name, 'utf8').toString('utf8');

        expect(decodeStatementName(anyPrefix, received)).toEqual({ owner: anyOwner, invocationKey });
      }),
    );
  });

  it('never has more than 500 characters', () => {
    fc.assert(
      fc.property(prefix, owner, hex, (anyPrefix, anyOwner, invocationKey) => {
        expect(encodeStatementName(anyPrefix, { owner: anyOwner, invocationKey }).length).toBeLessThanOrEqual(500);
      }),
    );
  });

  it('is foreign to every other prefix, also to one that begins like it', () => {
    fc.assert(
      fc.property(prefix, prefix, hex, (ours, theirs, invocationKey) => {
        fc.pre(ours !== theirs);
        expect(decodeStatementName(ours, encodeStatementName(theirs, { owner: 'o', invocationKey }))).toBeUndefined();
      }),
    );
    expect(decodeStatementName('tasker-1/', 'tasker-12/x')).toBeUndefined();
    expect(decodeStatementName('tasker-12/', 'tasker-1/x')).toBeUndefined();
  });

  it.each(['', 'x', `${KEY.invocationKey}`, `${KEY.invocationKey}/`, `${KEY.invocationKey.toUpperCase()}/o`])(
    'with our prefix and then "%s" is malformed',
    (rest) => {
      expect(() => decodeStatementName(PREFIX, `${PREFIX}${rest}`)).toThrow(
        new MalformedMessage('statementName', 'carries our prefix but no item key'),
      );
    },
  );
});

describe('an owner', () => {
  it('is kept as it is up to 380 characters', () => {
    expect(boundedOwner(EXECUTION)).toBe(EXECUTION);
    expect(boundedOwner('x'.repeat(380))).toBe('x'.repeat(380));
  });

  it('that is longer is shortened, and stays distinct', () => {
    const [one, other] = [boundedOwner(`${'x'.repeat(380)}1`), boundedOwner(`${'x'.repeat(380)}2`)];

    expect(one).toMatch(/^x{315}~[0-9a-f]{64}$/);
    expect(one).not.toBe(other);
  });

  it('never holds half a surrogate pair, which UTF-8 would replace', () => {
    expect(boundedOwner(`${'x'.repeat(314)}😀${'x'.repeat(100)}`).isWellFormed()).toBe(true);
    expect(boundedOwner('\ud83d')).toBe('\ufffd');
  });
});

describe('a prefix', () => {
  it('ends with the separator', () => {
    expect(checkPrefix('a/')).toBe('a/');
    expect(checkPrefix(`${'x'.repeat(79)}/`)).toHaveLength(80);
  });

  it.each(['', '/', 'a', 'a/b/', 'a/b', `${'x'.repeat(80)}/`])('is not "%s"', (wrong) => {
    expect(() => checkPrefix(wrong)).toThrow(
      `statement name prefix: must be 1 to 79 characters and one final "/"; received ${JSON.stringify(wrong)}`,
    );
  });
});
