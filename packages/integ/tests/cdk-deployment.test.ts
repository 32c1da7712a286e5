import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cdkDeployment } from '../aws/cdk-deployment.ts';

/** Tells what it was called with, and does as the last argument of the environment says. */
const CLI = `
import { writeFileSync } from 'node:fs';
const args = process.argv.slice(2);
console.log(args.join(' ').replaceAll(process.env.TEST_DIRECTORY, 'DIR'), process.env.AWS_ENDPOINT_URL ?? 'no endpoint');
const file = args[args.indexOf('--outputs-file') + 1];
if (process.env.TEST_CLI === 'hang') setInterval(() => {}, 1000);
else if (process.env.TEST_CLI === 'fail') { console.error('No bucket.\\n'); process.exitCode = 1; }
else if (args[0] === 'deploy') writeFileSync(file, JSON.stringify({ Stack: { Name: 'value' } }));
`;

describe('A deployment by the CDK', () => {
  let directory: string;
  let assembly: string;
  let cli: string;
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-cdk-'));
    assembly = join(directory, 'cdk.out');
    cli = join(directory, 'cdk.mjs');
    mkdirSync(assembly);
    writeFileSync(cli, CLI);
    lines.length = 0;
    process.env.TEST_DIRECTORY = directory;
  });

  afterEach(() => {
    delete process.env.TEST_CLI;
    delete process.env.TEST_DIRECTORY;
    rmSync(directory, { recursive: true, force: true });
  });

  it('deploys all stacks without asking again, and gives their outputs', async () => {
    const signal = new AbortController().signal;

    const outputs = await cdkDeployment({ cli }).deploy(assembly, { say, signal });

    expect(outputs).toEqual({ Stack: { Name: 'value' } });
    expect(lines).toEqual([
      '  deploy --all --app DIR/cdk.out --require-approval never --progress events --outputs-file DIR/outputs.json --no-notices --no-color no endpoint',
    ]);
  });

  it('destroys all at another endpoint', async () => {
    await cdkDeployment({ cli, endpointUrl: 'http://127.0.0.1:1' }).destroy(assembly, say);

    expect(lines).toEqual(['  destroy --all --force --app DIR/cdk.out --no-notices --no-color http://127.0.0.1:1']);
  });

  it('fails with what the CDK has said last', async () => {
    process.env.TEST_CLI = 'fail';

    await expect(cdkDeployment({ cli }).destroy(assembly, say)).rejects.toThrow('cdk destroy failed: No bucket.');
  });

  it('ends a deployment with the run', async () => {
    process.env.TEST_CLI = 'hang';
    const ending = new AbortController();
    const saying = (line: string) => {
      say(line);
      ending.abort(new Error('ended by SIGINT'));
    };

    const deploying = cdkDeployment({ cli }).deploy(assembly, { say: saying, signal: ending.signal });

    await expect(deploying).rejects.toThrow('ended by SIGINT');
  });

  it('uses a command line that knows these options', { timeout: 60_000 }, async () => {
    await expect(cdkDeployment({ endpointUrl: 'http://127.0.0.1:1' }).destroy(assembly, say)).rejects.toThrow(
      /cdk destroy failed: .*manifest/,
    );
  });
});
