import { createInterface } from 'node:readline/promises';
import { CouldNotRunError } from '../runner/stage.ts';

/** Asks on the terminal. @throws CouldNotRunError where there is none: nobody can agree then but by `--yes` */
export const askOnTerminal =
  (signal: AbortSignal) =>
  async (question: string): Promise<boolean> => {
    if (!process.stdin.isTTY) throw new CouldNotRunError('nobody can be asked here whether to deploy: say --yes');
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    try {
      return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
    } finally {
      terminal.close();
    }
  };
