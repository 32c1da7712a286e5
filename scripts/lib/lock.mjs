import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 200;

/**
 * Runs `work` while no other process of this checkout holds the lock. A holder that has died without giving it back is
 * known by its process id. (The lock libraries at hand refresh files by timers, or have been left alone for years.)
 */
export const withLock = async (file, signal, work) => {
  mkdirSync(dirname(file), { recursive: true });
  while (!take(file)) await sleep(RETRY_MS, undefined, { signal });
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
};

const take = (file) => {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld(file)) rmSync(file, { force: true });
    return false;
  }
};

const isHeld = (file) => {
  try {
    // Empty for the moment between its making and its writing.
    const holder = Number(readFileSync(file, 'utf8') || process.pid);
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM' || error.code === 'ENOENT';
  }
};
