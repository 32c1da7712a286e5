/**
 * `npm run demo [-- --keep]`: builds what the demo needs, then runs it (packages/integ/demo) on a local stage.
 * Ends cleanly at any moment on Ctrl-C or SIGTERM.
 */
import { parseArgs } from 'node:util';
import { build } from './lib/build.mjs';

const USAGE = `Usage: npm run demo [-- --keep]

Runs a workflow over real flight data on a local stage, through the deployed CDK template.

  --keep   leave the stage up afterwards and print how to point an SDK at it
  --help   this text`;

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

const options = () => {
  try {
    const flags = { keep: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } };
    return parseArgs({ options: flags }).values;
  } catch (error) {
    console.error(`demo: ${error.message.split('. ')[0]}\n\n${USAGE}`);
    process.exit(2);
  }
};

const { keep, help } = options();
if (help) {
  console.log(USAGE);
  process.exit(0);
}

const ending = new AbortController();
let exitCode;
for (const [name, code] of Object.entries(SIGNALS)) {
  process.on(name, () => {
    exitCode ??= code;
    ending.abort();
  });
}

try {
  console.log('Building …');
  await build({ signal: ending.signal });
  const { runDemo } = await import('../packages/integ/demo/run.ts');
  ending.signal.throwIfAborted();
  exitCode = await runDemo({ keep, signal: ending.signal });
} catch (error) {
  if (!ending.signal.aborted) console.error(`demo: ${error.message}`);
  exitCode ??= 1;
}
process.exitCode = exitCode;
