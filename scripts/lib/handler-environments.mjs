import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What Lambda itself sets and a module reads while it loads. */
const OF_LAMBDA = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };

/** Nothing is called while a module loads, so that one text, which even a statement name prefix may be, does for every reference. */
const asText = (variables) =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, typeof value === 'string' ? value : 'bench/']),
  );

/** The environment that the built construct gives to each handler, by the handler's name: no list of ours can fall behind it. */
export const handlerEnvironments = async () => {
  const { App, Stack } = await import('aws-cdk-lib');
  const { RedshiftTarget, SfnRedshiftTasker } = (await import('../../packages/construct/lib/index.js')).default;
  const outdir = mkdtempSync(join(tmpdir(), 'sfn-redshift-bench-'));
  try {
    const stack = new Stack(new App({ outdir, analyticsReporting: false }), 'Bench');
    const target = RedshiftTarget.cluster({ clusterIdentifier: 'bench', database: 'bench', dbUser: 'bench' });
    const { invoker, drain, sweep } = new SfnRedshiftTasker(stack, 'Tasker', { target });
    const environmentOf = ({ node }) => ({
      ...OF_LAMBDA,
      ...asText(stack.resolve(node.defaultChild.environment).variables),
    });
    return { invoker: environmentOf(invoker), drain: environmentOf(drain), sweep: environmentOf(sweep) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
};
