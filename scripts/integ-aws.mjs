/**
 * `npm run integ:aws -- --target …`: plays the scenarios of packages/integ in an AWS account. Exit code 0 where all passed or were
 * skipped, 1 where one failed or something is left behind, 2 where none could be played.
 */
import { parseTarget } from '../packages/integ/aws/target-choice.ts';
import { runInteg } from './lib/integ.mjs';

const USAGE = `Usage: npm run integ:aws -- --target WAREHOUSE [--yes] [--keep] [--probe] [--only TEXT] [--report DIR] [--endpoint-url URL]

Plays the scenarios of packages/integ in an AWS account, which must be bootstrapped for the CDK. Account, region and credentials
are found as AWS tools find them: AWS_PROFILE, AWS_REGION and so on. What is deployed is shown first, and removed in the end.

  --target WAREHOUSE  cluster:NAME/DB/USER       a cluster that there is
                      serverless:WORKGROUP/DB    a workgroup that there is
                      create-cluster             one made for the run
                      create-serverless          one made for the run
  --yes               do not ask
  --keep              leave what was deployed
  --probe             ask AWS what its documentation leaves open, too: probe.json, and real events in fixtures/
  --only TEXT         only scenarios with that in their name
  --report DIR        where report.json and junit.xml go (integ-report/aws)
  --endpoint-url URL  another endpoint than AWS's, with a Data API of our own beside it
  --help              this text`;

const flag = { type: 'boolean', default: false };

await runInteg({
  name: 'integ:aws',
  usage: USAGE,
  options: {
    target: { type: 'string' },
    yes: flag,
    keep: flag,
    probe: flag,
    'endpoint-url': { type: 'string' },
  },
  check: ({ target, 'endpoint-url': url }) => {
    parseTarget(target);
    if (url !== undefined && !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw new Error(`--endpoint-url must be an http or https URL; received ${JSON.stringify(url)}`);
  },
  play: async (values) => {
    const { playOnAws } = await import('../packages/integ/aws/main.ts');
    return playOnAws(values);
  },
});
