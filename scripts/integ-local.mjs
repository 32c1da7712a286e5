/**
 * `npm run integ:local [-- --only TEXT] [--report DIR]`: plays every scenario of packages/integ on a local stage, with permissions
 * checked as on AWS. Exit code 0 where all passed or were skipped, 1 where one failed, 2 where none could be played.
 */
import { runInteg } from './lib/integ.mjs';

const USAGE = `Usage: npm run integ:local [-- --only TEXT] [--report DIR]

Plays the scenarios of packages/integ on a local stage, with permissions checked as on AWS.

  --only TEXT   only scenarios with that in their name
  --report DIR  where report.json and junit.xml go (integ-report/local)
  --help        this text`;

await runInteg({
  name: 'integ:local',
  usage: USAGE,
  play: async (values) => {
    const { playLocally } = await import('../packages/integ/runner/local.ts');
    return playLocally(values);
  },
});
