/**
 * Adds up what the packages' tests reported and ends with one line, `N passed, N failed, N skipped`. A package that has
 * tests but left no report counts as failed: silence is not success.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../packages', import.meta.url));

const reportOf = (name) => {
  const file = join(packages, name, '.test-report.json');
  if (!existsSync(file)) return { name, passed: 0, failed: 1, skipped: 0, note: 'no report' };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const skipped = report.numPendingTests + report.numTodoTests;
  const note = report.success ? '' : 'failed';
  return {
    name,
    passed: report.numPassedTests,
    failed: report.numFailedTests || (report.success ? 0 : 1),
    skipped,
    note,
  };
};

const line = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

const reports = readdirSync(packages)
  .filter((name) => existsSync(join(packages, name, 'tests')))
  .map(reportOf);
for (const report of reports)
  console.log(`${report.name.padEnd(12)}${line(report)}${report.note && `  (${report.note})`}`);

const sum = (key) => reports.reduce((total, report) => total + report[key], 0);
const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
console.log(line(total));
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
