import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprintOf, followAssembly } from '../../../src/cli/follow-assembly.ts';
import { type Log, silentLog } from '../../../src/common/log.ts';
import { type TemporaryDirectory, temporaryDirectory, writeAssembly } from '../../helpers/assembly.ts';

let parent: TemporaryDirectory;
let directory: string;
let ending: AbortController;

beforeEach(() => {
  parent = temporaryDirectory();
  directory = path.join(parent.path, 'cdk.out');
  ending = new AbortController();
  synthesize('first');
});

afterEach(() => {
  ending.abort();
  parent.remove();
});

/** Writes an assembly with one stack, told from others by `description`. */
const synthesize = (Description: string, to = directory): void => {
  mkdirSync(to, { recursive: true });
  writeAssembly(to, { Stack: { Description } });
};

/** Follows the assembly with a stage whose updates take until they are let through. */
const follow = (deployed = fingerprintOf(directory), onBegin: () => void = () => undefined, log: Log = silentLog) => {
  const waiting: (() => void)[] = [];
  const updates: PromiseWithResolvers<void>[] = [];
  let announced = 0;
  const update = () => {
    const turn = Promise.withResolvers<void>();
    updates.push(turn);
    onBegin();
    for (const wake of waiting.splice(0)) wake();
    return turn.promise;
  };
  const onUpdate = () => {
    announced += 1;
    for (const wake of waiting.splice(0)) wake();
    return Promise.resolve();
  };
  /** Resolves when there have been so many. */
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  followAssembly({ update }, directory, deployed, { log, onUpdate, signal: ending.signal });
  return {
    updates,
    announced: () => announced,
    begun: (count: number) => until(() => updates.length >= count),
    told: (count: number) => until(() => announced >= count),
  };
};

describe('followAssembly', () => {
  it('updates when the assembly has become another one, and tells when that is done', async () => {
    const { updates, begun, told } = follow();
    synthesize('second');
    await begun(1);
    updates[0]?.resolve();
    await told(1);
    expect(updates).toHaveLength(1);
  });

  it('updates at once when the assembly has changed since it was deployed', async () => {
    const { begun } = follow('of an older one');
    await begun(1);
  });

  it('looks once at all that has changed while an update was under way', async () => {
    const { updates, begun, told } = follow('of an older one');
    await begun(1);
    synthesize('second');
    synthesize('third');
    updates[0]?.resolve();
    await begun(2);
    updates[1]?.resolve();
    await told(2);
    expect(updates).toHaveLength(2);
  });

  it('tries again at the next change after an update that failed, which it does not announce', async () => {
    const { updates, announced, begun, told } = follow('of an older one');
    await begun(1);
    updates[0]?.reject(new Error('rolled back'));
    synthesize('second');
    await begun(2);
    expect(announced()).toBe(0);
    updates[1]?.resolve();
    await told(1);
  });

  it('says once that the assembly is again what is deployed, after an update that failed', async () => {
    const told: string[] = [];
    const next = Promise.withResolvers<void>();
    const warn = (message: string, fields?: object) => void told.push(`${message}: ${JSON.stringify(fields)}`);
    const info = (message: string) => {
      told.push(message);
      if (message.includes('again')) next.resolve();
    };
    const { updates, begun } = follow(undefined, undefined, { info, warn });
    synthesize('second');
    await begun(1);
    updates[0]?.reject(new Error('rolled\nback'));
    synthesize('first');
    await next.promise;
    expect(told).toEqual([
      'the assembly has changed',
      'the update failed: {"error":"Error","reasons":["rolled back"]}',
      'the assembly is again what is deployed',
    ]);
  });

  it('waits for an assembly that is removed and written anew', async () => {
    const { begun } = follow();
    rmSync(directory, { recursive: true });
    synthesize('second');
    await begun(1);
  });

  it('sees an assembly that is put in the place of another', async () => {
    const { begun } = follow();
    const next = path.join(parent.path, 'next');
    synthesize('second', next);
    rmSync(directory, { recursive: true });
    renameSync(next, directory);
    await begun(1);
  });

  it('waits until a half-written assembly is whole', async () => {
    const { updates, begun } = follow();
    writeFileSync(path.join(directory, 'manifest.json'), '{"artifacts":');
    synthesize('second');
    await begun(1);
    expect(updates).toHaveLength(1);
  });
});

describe('followAssembly, when the CDK locks the assembly', () => {
  const lock = () => path.join(directory, 'synth.lock');

  it('waits until that is over', async () => {
    writeFileSync(lock(), String(process.pid));
    const wasLocked: boolean[] = [];
    const { begun } = follow('of an older one', () => wasLocked.push(existsSync(lock())));
    // Seen after what follows the lock: a look for the lock in between finds it.
    synthesize('second');
    rmSync(lock());
    await begun(1);
    expect(wasLocked).toEqual([false]);
  });

  it('takes no notice of a lock whose process has ended', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    writeFileSync(lock(), String(pid));
    await follow('of an older one').begun(1);
  });
});

describe('fingerprintOf', () => {
  it('is the same for an assembly that was written again without a change', () => {
    const before = fingerprintOf(directory);
    synthesize('first');
    expect(fingerprintOf(directory)).toBe(before);
  });

  it('is another one when an asset is another one', () => {
    const before = fingerprintOf(directory);
    writeAssembly(directory, { Stack: { Description: 'first' } }, { assets: { 'code.zip': '' } });
    expect(fingerprintOf(directory)).not.toBe(before);
  });

  it('is undefined without an assembly', () => {
    expect(fingerprintOf(path.join(parent.path, 'nowhere'))).toBeUndefined();
  });
});
