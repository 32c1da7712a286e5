import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExpressionPool } from '../../../src/step-functions/data/jsonata/expression-pool.ts';

let pool: ExpressionPool;
beforeAll(() => {
  pool = new ExpressionPool();
});
afterAll(() => pool.close());

const ENDLESS = '($loop := function($n) { $loop($n + 1) }; $loop(1))';
const CATASTROPHIC = "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab', /^(a+)+$/)";

const evaluate = (expressions: readonly string[], signal = new AbortController().signal) =>
  pool.evaluate({ expressions, variables: '{"x":[1,2]}', now: Date.UTC(2026, 0, 1) }, signal);

describe('A batch of expressions', () => {
  it('is evaluated in order', async () => {
    expect(await evaluate(['$x[0]', '$x', "{'a': $x[5]}"])).toEqual({ json: ['1', '[1,2]', '{}'] });
  });

  it.each([
    ['nothing', '$y', { problem: 'undefined' }],
    ['a function', '$sum', { problem: 'unsupported' }],
    ['a function within', '[{"f": function($a) { $a }}]', { problem: 'unsupported' }],
    ['no number', '1 / 0', { problem: 'unsupported' }],
    ['an error of the language', "1 + 'a'", { problem: 'thrown', message: expect.stringMatching(/^T2002: The right/) }],
    ['an error that it throws', "$error('no')", { problem: 'thrown', message: 'D3137: no' }],
    ['no expression', '(', { problem: 'thrown', message: expect.stringMatching(/^S0203: /) }],
  ])('ends with the first expression that yields %s', async (_case, expression, problem) => {
    expect(await evaluate(['$x', expression, '$x'])).toEqual({ failed: 1, ...problem });
  });

  it('tells the time that it was given', async () => {
    expect(await evaluate(['$now()', '$millis()'])).toEqual({ json: ['"2026-01-01T00:00:00.000Z"', '1767225600000'] });
  });

  it('is not evaluated for one who has gone', async () => {
    const leaving = new AbortController();
    leaving.abort(new Error('gone'));

    await expect(evaluate(['$x'], leaving.signal)).rejects.toThrow('gone');
  });
});

describe('The realm of expressions', () => {
  it.each([
    ['$x.constructor'],
    ['$lookup($x, "constructor")'],
    ['$lookup($sum, "implementation")'],
    ['$sum.constructor'],
    ['$uuid.constructor'],
    ['process'],
    ['$globalThis'],
  ])('%s leads nowhere', async (expression) => {
    expect(await evaluate([expression])).toEqual({ failed: 0, problem: 'undefined' });
  });

  it('has no $eval', async () => {
    expect(await evaluate(["$eval('1')"])).toMatchObject({ message: 'T1006: Attempted to invoke a non-function' });
  });
});

describe('An expression that needs too much memory', () => {
  it.each([
    ['for lists', '[[1..9999999], [1..9999999], [1..9999999], [1..9999999], [1..9999999], [1..9999999]]', 'memory'],
    ['for its result', "$pad('x', 20000000)", 'memory'],
    ['to split a text', "$split($pad('x', 100000000), '')", 'thrown'],
  ])('%s is given up, and ends nothing else', async (_case, expression, problem) => {
    expect(await evaluate(['1', expression])).toMatchObject({ failed: 1, problem });
    expect(await evaluate(['$x[0]'])).toEqual({ json: ['1'] });
  });
});

describe('An expression that takes longer than its second', () => {
  it.each([
    ['that never ends', ENDLESS],
    ['in a regular expression', CATASTROPHIC],
  ])('%s is given up', async (_case, expression) => {
    expect(await evaluate(['1', expression])).toEqual({ failed: 1, problem: 'timeout' });
  });

  it('holds up nobody, however many there are of it', async () => {
    const ending = new AbortController();
    let ended = 0;
    const runaways = Array.from({ length: 10 }, () => evaluate([ENDLESS, '1'], ending.signal).finally(() => ended++));
    await Promise.all(Array.from({ length: 20 }, () => evaluate(['$x[1]'])));

    // One after the other they would take ten seconds, and all have ended before anybody else began.
    expect(ended).toBeLessThan(5);
    ending.abort(new Error('ended'));
    await Promise.allSettled(runaways);
  });

  it('is not waited for when its execution ends', async () => {
    const ending = new AbortController();
    const evaluated = evaluate([ENDLESS], ending.signal);
    ending.abort(new Error('ended'));

    await expect(evaluated).rejects.toThrow('ended');
    expect(await evaluate(['$x[0]'])).toEqual({ json: ['1'] });
  });
});
