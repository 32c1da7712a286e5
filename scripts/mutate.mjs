/**
 * `npm run mutate [-- --package NAME] [--fresh] [--concurrency N]`: mutation testing of shared, completer and invoker by
 * their unit tests. Without --fresh only what has changed since the last run is tried. Takes long: outside CI.
 * Ends with `N passed, N failed`: mutants killed or explained (docs/mutation-survivors.json), and survivors that are not.
 * Exit 1 with any of those, with an explanation that is of no survivor, or below 90 % killed; 2 when it could not run.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { mutatePackage } from './lib/mutate-package.mjs';
import { LEAST_SCORE, verdictOf } from './lib/mutation-verdict.mjs';

const PACKAGES = ['shared', 'completer', 'invoker'];
const USAGE = `Usage: npm run mutate [-- --package ${PACKAGES.join('|')}] [--fresh] [--concurrency N]`;

const EXPLANATIONS = new URL('../docs/mutation-survivors.json', import.meta.url);

const options = () => {
  try {
    const { values } = parseArgs({
      options: {
        package: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        concurrency: { type: 'string', default: '1' },
      },
    });
    const concurrency = Number(values.concurrency);
    if (!Number.isInteger(concurrency) || concurrency < 1)
      throw new Error(`--concurrency must be a whole number, at least 1; received "${values.concurrency}"`);
    if (values.package !== undefined && !PACKAGES.includes(values.package))
      throw new Error(`--package must be ${PACKAGES.join(' or ')}; received "${values.package}"`);
    return { packages: PACKAGES.filter((name) => name === (values.package ?? name)), fresh: values.fresh, concurrency };
  } catch (error) {
    console.error(`mutate: ${error.message}\n${USAGE}`);
    process.exit(2);
  }
};

const judge = async (name, given) => {
  const mutants = await mutatePackage(name, given);
  const explanations = JSON.parse(readFileSync(EXPLANATIONS, 'utf8')).filter(({ file }) =>
    file.startsWith(`packages/${name}/`),
  );
  const verdict = verdictOf(mutants, explanations);
  for (const { place, mutatorName, status, line, replacement } of verdict.unexplained)
    console.log(`${status} ${place} ${mutatorName}: ${line}\n    became ${replacement}`);
  for (const { file, line } of verdict.idle) console.log(`explains no survivor: ${file}: ${line}`);
  return { name, ...verdict };
};

/** As one line of a table. */
const summaryOf = ({ name, score, killed, explained, unexplained, idle }) => {
  const counts = `${killed} killed, ${explained} explained, ${unexplained.length} not`;
  return `${name.padEnd(12)}${score.toFixed(1)} %  ${counts}${idle.length > 0 ? `, ${idle.length} idle explanations` : ''}`;
};

const { packages, ...given } = options();
const verdicts = [];
try {
  for (const name of packages) verdicts.push(await judge(name, given));
} catch (error) {
  console.error(`mutate: could not run: ${error.message}`);
  process.exit(2);
}
for (const verdict of verdicts) console.log(summaryOf(verdict));
const sum = (countOf) => verdicts.reduce((total, verdict) => total + countOf(verdict), 0);
const failed = sum(({ unexplained, idle }) => unexplained.length + idle.length);
console.log(`${sum(({ killed, explained }) => killed + explained)} passed, ${failed} failed`);
process.exitCode = failed > 0 || verdicts.some(({ score }) => score < LEAST_SCORE) ? 1 : 0;
