import { describe, expect, it } from 'vitest';
import {
  decodeLockRow,
  type ExecuteRequest,
  HOLDS_LOCK,
  holdsLockValues,
  keyOfHolder,
  lockHolderOf,
  lockKeyOf,
  lockOf,
  MalformedMessage,
  RELEASE_LOCK,
} from '../../src/index.ts';
import { ITEM } from '../helpers/examples.ts';

const PLACE = { targetId: 'default', database: 'dev', dbUser: 'etl' };

const request = (changes: Partial<ExecuteRequest> = {}): ExecuteRequest => ({
  action: 'executeStatement',
  sqlStatement: 'call load()',
  parameters: {},
  callback: { type: 'none' },
  ...changes,
});

const singleton = (changes: Partial<ExecuteRequest> = {}) =>
  request({ action: 'executeSingletonStatement', ...changes });

describe('lockOf', () => {
  it('gives a statement no lock that asks for none', () => {
    expect(lockOf(request(), PLACE)).toBeUndefined();
  });

  it('names a lock by its name alone, one for all targets, and shows the name nowhere', () => {
    const lock = { name: 'nightly load', mode: 'fail' } as const;
    const [one, other] = [request({ lock }), request({ lock, sqlStatement: 'select 1', parameters: { a: '1' } })];

    expect(lockOf(one, PLACE)).toBe(lockOf(other, { ...PLACE, targetId: 'second' }));
    expect(lockOf(one, PLACE)).toMatch(/^lock-[0-9a-f]{64}$/);
    expect(lockOf(one, PLACE)).not.toBe(lockOf(request({ lock: { ...lock, name: 'nightly' } }), PLACE));
  });

  it('names a singleton by what its SQL says, not by how it is written', () => {
    const written = singleton({ sqlStatement: '-- run 17\n  CALL   load() ;\n' });

    expect(lockOf(written, PLACE)).toBe(lockOf(singleton(), PLACE));
  });

  it.each<[what: string, changes: Partial<ExecuteRequest>, place: Partial<typeof PLACE>]>([
    ['SQL', { sqlStatement: 'call load2()' }, {}],
    ['parameters', { parameters: { day: '2026-01-02' } }, {}],
    ['target', {}, { targetId: 'second' }],
    ['database', {}, { database: 'prod' }],
    ['user', {}, { dbUser: 'admin' }],
  ])('tells singletons apart by their %s', (_what, changes, place) => {
    const base = singleton({ parameters: { day: '2026-01-01' } });

    expect(lockOf({ ...base, ...changes }, { ...PLACE, ...place })).not.toBe(lockOf(base, PLACE));
  });

  it('gives locks the same names in every version', () => {
    const lock = { name: 'nightly load', mode: 'fail' } as const;

    expect(lockOf(request({ lock }), PLACE)).toBe(
      'lock-d596cd15f5a191ae4ff72e418644455f07d96dc92b5e2574b10ccf482fa54ae8',
    );
    expect(lockOf(singleton({ parameters: { b: '2', a: '1' } }), PLACE)).toBe(
      'lock-f8272f9e284dc3681780bda636adcfb60aa0c22d745cd920a61df100a6c3dfd8',
    );
  });

  it('takes parameters in any order', () => {
    const [one, other] = [singleton({ parameters: { a: '1', b: '2' } }), singleton({ parameters: { b: '2', a: '1' } })];

    expect(lockOf(one, PLACE)).toBe(lockOf(other, PLACE));
  });

  it('never takes a singleton for a named lock', () => {
    const name = 'call load()';

    expect(lockOf(request({ lock: { name, mode: 'fail' } }), PLACE)).not.toBe(lockOf(singleton(), PLACE));
  });
});

describe("a lock's row", () => {
  const holder = { holderOwner: 'o', holderKey: 'k', holderGeneration: 2, statementName: 'p/k/o', heldUntil: 7 };

  it('has a key that no statement has', () => {
    expect(lockKeyOf('lock-1')).toEqual({ owner: 'lock-1', invocationKey: 'lock' });
  });

  it('tells who holds it', () => {
    expect(decodeLockRow({ ...lockKeyOf('lock-1'), ...holder, expiresAt: 1, later: true })).toEqual(holder);
  });

  it('that was released, or is not there, tells nobody', () => {
    expect(decodeLockRow({ ...lockKeyOf('lock-1'), expiresAt: 1 })).toBeUndefined();
    expect(decodeLockRow(undefined)).toBeUndefined();
  });

  it('that is broken is refused by its attribute', () => {
    expect(() => decodeLockRow({ ...holder, heldUntil: 'soon' })).toThrow(MalformedMessage);
    expect(() => decodeLockRow({ ...holder, heldUntil: 'soon' })).toThrow(/lock\.heldUntil/);
  });
});

describe('the holder of a lock', () => {
  it('is the item, as it is or will be', () => {
    const holder = lockHolderOf(ITEM);

    expect(holder).toEqual({
      holderOwner: ITEM.owner,
      holderKey: ITEM.invocationKey,
      holderGeneration: ITEM.generation,
      statementName: ITEM.statementName,
      heldUntil: ITEM.startDeadline,
    });
    expect(keyOfHolder(holder)).toEqual({ owner: ITEM.owner, invocationKey: ITEM.invocationKey });
    expect(decodeLockRow({ ...holder, more: 1 })).toEqual(holder);
  });

  it('is the one that the condition names', () => {
    expect(holdsLockValues(ITEM)).toEqual({ owner: ITEM.owner, key: ITEM.invocationKey, generation: ITEM.generation });
    expect(Array.from(HOLDS_LOCK.matchAll(/:(\w+)/g), ([, name]) => name)).toEqual(Object.keys(holdsLockValues(ITEM)));
  });

  it('that lets go leaves nothing of itself in the row', () => {
    expect(RELEASE_LOCK).toBe(`REMOVE #${Object.keys(lockHolderOf(ITEM)).join(', #')}`);
  });
});
