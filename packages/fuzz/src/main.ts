/**
 * `npm run fuzz -- [--cases N] [--seed S]`: random and nearly right requests, events, items, names and result pages, into the
 * contract and into the handlers. 20,000 cases by default. Exit 1 when one failed, 2 when it could not run.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Extent } from './check-properties.ts';
import type { Told } from './work.ts';

const USAGE = 'Usage: npm run fuzz -- [--cases N] [--seed S], whole numbers, N at least 1';

/** A thread that begins no case for as long hangs in one. */
const SILENCE_MS = 120_000;

/** Of a counterexample nobody reads more. */
const SHOWN_LENGTH = 4_000;

const write = (line: string): void => void process.stdout.write(`${line}\n`);

const wholeNumber = (name: string, value: string, minimum: number): number => {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isSafeInteger(number) && number >= minimum) return number;
  throw new Error(`--${name} must be a whole number, at least ${minimum}; received ${JSON.stringify(value)}`);
};

const extentOf = (): Extent => {
  const { values } = parseArgs({ options: { cases: { type: 'string' }, seed: { type: 'string' } } });
  const { cases = '20000', seed = String(Date.now() % 2 ** 31) } = values;
  return { cases: wholeNumber('cases', cases, 1), seed: wholeNumber('seed', seed, -(2 ** 31)) };
};

/** Runs the work; gives the cases that passed and those that failed. */
const run = async (extent: Extent): Promise<{ passed: number; failed: number }> => {
  const total = { passed: 0, failed: 0 };
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const worker = new Worker(new URL('./work.ts', import.meta.url), { workerData: extent });
  const giveUp = () =>
    reject(new Error(`a case does not come to an end; it is of the property after the last one above`));
  let patience = setTimeout(giveUp, SILENCE_MS);
  worker.on('message', (told: Told) => {
    clearTimeout(patience);
    patience = setTimeout(giveUp, SILENCE_MS);
    if (told.type === 'alive') return;
    const { name, passed, failed, failure } = told.outcome;
    write(
      `${`${told.of}: ${name}`.padEnd(30)}${String(passed).padStart(8)} passed${failed > 0 ? `, ${failed} failed` : ''}`,
    );
    if (failure !== undefined) write(failure.slice(0, SHOWN_LENGTH));
    total.passed += passed;
    total.failed += failed;
  });
  worker.once('error', reject).once('exit', () => resolve());
  try {
    await promise;
  } catch (error) {
    total.failed += 1;
    write(error instanceof Error ? String(error.stack) : String(error));
  }
  clearTimeout(patience);
  await worker.terminate();
  return total;
};

const main = async (): Promise<number> => {
  let extent: Extent;
  try {
    extent = extentOf();
  } catch (error) {
    process.stderr.write(`fuzz: ${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    return 2;
  }
  write(`seed ${extent.seed}`);
  const { passed, failed } = await run(extent);
  if (failed > 0) write(`the same again: npm run fuzz -- --cases ${extent.cases} --seed ${extent.seed}`);
  write(`${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
};

process.exitCode = await main();
