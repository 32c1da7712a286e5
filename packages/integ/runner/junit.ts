import type { ScenarioResult } from './report.ts';

/** What XML 1.0 cannot hold, however it is escaped: most control characters, halves of surrogate pairs, non-characters. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

const escaped = (text: string): string =>
  text.replace(FORBIDDEN, '\u{fffd}').replace(/[&<>"\t\n\r]/g, (character) => ESCAPES[character] ?? character);

/** What CI systems read of a run: a suite of the scenarios. */
export const junitXml = (suite: string, results: readonly ScenarioResult[]): string => {
  const count = (status: ScenarioResult['status']) => results.filter((result) => result.status === status).length;
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const counts = attributes({
    tests: `${results.length}`,
    failures: `${count('failed')}`,
    errors: '0',
    skipped: `${count('skipped')}`,
    time: seconds.toFixed(3),
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${counts}>`,
    `  <testsuite${attributes({ name: suite })}${counts}>`,
    ...results.map((result) => testCase(suite, result)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};

const testCase = (classname: string, { name, status, seconds, reason, stack = reason }: ScenarioResult): string => {
  const start = `    <testcase${attributes({ classname, name, time: seconds.toFixed(3) })}`;
  if (status === 'passed') return `${start}/>`;
  const message = attributes({ message: reason });
  const detail = status === 'skipped' ? `<skipped${message}/>` : `<failure${message}>${escaped(stack)}</failure>`;
  return `${start}>${detail}</testcase>`;
};

const attributes = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
