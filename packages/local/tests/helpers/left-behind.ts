import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/** Processes that have `marker` among their arguments or in their environment, other than this one and its tools. */
export const processesWith = (marker: string): readonly string[] =>
  // The e of `ps axeww` shows environments, on Linux and macOS alike.
  execFileSync('ps', ['axeww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 2 ** 26 })
    .split('\n')
    .filter((line) => line.includes(marker) && !line.includes('ps axeww'));

/** What is left of a stage whose temporary directory was `directory`, which only that stage used: its processes and files. */
export const leftBehind = (directory: string): readonly string[] => [
  ...processesWith(directory),
  ...readdirSync(directory),
];
