import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Run } from '../runner/stage.ts';
import type { Deployment, StackOutputs } from './deployment.ts';

export interface CdkDeploymentOptions {
  /** Another endpoint than AWS's. */
  readonly endpointUrl?: string;
  /** @default the CLI of the CDK that is installed here */
  readonly cli?: string;
}

/**
 * By the CDK's own command line, as users deploy. Account, region and credentials are those of the environment, which must be
 * bootstrapped (`npx cdk bootstrap`).
 */
export const cdkDeployment = ({ endpointUrl, cli = installedCli() }: CdkDeploymentOptions = {}): Deployment => {
  const env = { ...process.env, ...(endpointUrl !== undefined && { AWS_ENDPOINT_URL: endpointUrl }) };
  const cdk = (args: readonly string[], { say, signal }: Pick<Run, 'say'> & Partial<Run>) =>
    runCli(cli, [...args, '--no-notices', '--no-color'], { env, say, signal });
  return {
    deploy: async (assembly, run) => {
      const file = join(assembly, '..', 'outputs.json');
      const deploy = ['deploy', '--all', '--app', assembly, '--require-approval', 'never', '--progress', 'events'];
      await cdk([...deploy, '--outputs-file', file], run);
      return JSON.parse(readFileSync(file, 'utf8')) as StackOutputs;
    },
    destroy: async (assembly, say) => cdk(['destroy', '--all', '--force', '--app', assembly], { say }),
  };
};

const installedCli = (): string => createRequire(import.meta.url).resolve('aws-cdk/bin/cdk');

interface CliRun {
  readonly env: NodeJS.ProcessEnv;
  readonly say: Run['say'];
  readonly signal: AbortSignal | undefined;
}

/** In a process group of its own: a Ctrl-C that is meant for the run must not end its teardown. */
const runCli = async (cli: string, args: readonly string[], { env, say, signal }: CliRun): Promise<void> => {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, [cli, ...args], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill('SIGINT');
  signal?.addEventListener('abort', stop, { once: true });
  let last = '';
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      if (line.trim() !== '') last = line.trim();
      say(`  ${line}`);
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(`cdk ${args[0]} failed: ${last}`);
};
