import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
const COULD_NOT_RUN = 2;

/** What every run of scenarios takes. */
const COMMON = { only: { type: 'string' }, report: { type: 'string' }, help: { type: 'boolean', default: false } };

/**
 * A command that plays scenarios: reads its options, builds, plays, and leaves with the exit code; on a signal it tears down first.
 *
 * @param {{ name: string, usage: string, options?: object, check?: (values: object) => void, play: (values: object) => Promise<number> }} command
 *   `check` throws what is wrong with the options, before anything is built; `play` is given them, with `say` and `signal`
 */
export const runInteg = async ({ name, usage, options = {}, check = () => undefined, play }) => {
  const values = optionsOf(name, usage, { ...COMMON, ...options }, check);
  const ending = new AbortController();
  let exitCode;
  for (const [signal, code] of Object.entries(SIGNALS))
    process.on(signal, () => {
      exitCode ??= code;
      ending.abort(new Error(`ended by ${signal}`));
    });
  // Whoever reads our output may go away first; what was deployed must be torn down all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const { signal } = ending;
  try {
    await build({ signal });
    const report = resolve(values.report ?? `integ-report/${name.split(':').at(-1)}`);
    const code = await play({ ...values, report, signal, say: (line) => process.stdout.write(`${line}\n`) });
    exitCode ??= code;
  } catch (error) {
    if (!signal.aborted) process.stderr.write(`${name}: ${error.message}\n`);
    exitCode ??= COULD_NOT_RUN;
  }
  // What a scenario that was given up still waits for must not keep the process.
  process.exit(exitCode);
};

const optionsOf = (name, usage, options, check) => {
  try {
    const { values } = parseArgs({ options });
    if (values.help) {
      process.stdout.write(`${usage}\n`);
      process.exit(0);
    }
    if (values.only === '') throw new Error('--only must be a part of the name of a scenario; received ""');
    if (values.report === '') throw new Error('--report must be a directory; received ""');
    check(values);
    return values;
  } catch (error) {
    process.stderr.write(`${name}: ${error.message.split('. ')[0]}\n\n${usage}\n`);
    process.exit(COULD_NOT_RUN);
  }
};
