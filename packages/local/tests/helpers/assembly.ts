import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Account } from '../../src/common/account.ts';
import type { StackArtifact } from '../../src/deploy/assembly.ts';
import { Generations } from '../../src/deploy/generations.ts';
import { planAssembly } from '../../src/deploy/plan-assembly.ts';
import type { StackPlan } from '../../src/deploy/plan-stack.ts';
import { RefusedAssemblyError } from '../../src/deploy/refusals.ts';
import type { StageParts } from '../../src/deploy/stage-parts.ts';

export interface TemporaryDirectory {
  readonly path: string;
  remove(): void;
}

/** Open to all users, as PostgreSQL may run as another one. */
export const temporaryDirectory = (): TemporaryDirectory => {
  const directory = mkdtempSync(path.join(tmpdir(), 'sfn-redshift-test-'));
  chmodSync(directory, 0o755);
  return { path: directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
};

export interface AssemblyOptions {
  /** `aws://ACCOUNT/REGION` */
  readonly environment?: string;
  /** Text of `index.mjs` of a zipped directory, by object key. */
  readonly assets?: Readonly<Record<string, string>>;
}

/** Writes a cloud assembly in the form of the CDK's, each stack dependent on those before it. */
export const writeAssembly = (
  directory: string,
  templates: Readonly<Record<string, object>>,
  { environment = 'aws://unknown-account/unknown-region', assets = {} }: AssemblyOptions = {},
): string => {
  const write = (file: string, content: unknown) => writeFileSync(path.join(directory, file), JSON.stringify(content));
  const files = Object.keys(assets).map((objectKey, index) => {
    mkdirSync(path.join(directory, `asset.${index}`), { recursive: true });
    writeFileSync(path.join(directory, `asset.${index}`, 'index.mjs'), assets[objectKey] as string);
    return [objectKey, { source: { path: `asset.${index}`, packaging: 'zip' }, destinations: { here: { objectKey } } }];
  });
  write('assets.json', { files: Object.fromEntries(files) });
  const names = Object.keys(templates);
  for (const name of names) write(`${name}.template.json`, templates[name]);
  const stacks = names.map((name, index) => [
    name,
    {
      type: 'aws:cloudformation:stack',
      environment,
      dependencies: ['assets', ...names.slice(0, index)],
      properties: { templateFile: `${name}.template.json` },
    },
  ]);
  const manifest = { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } };
  write('manifest.json', { artifacts: { assets: manifest, ...Object.fromEntries(stacks) } });
  return directory;
};

export const account: Account = { accountId: '123456789012', region: 'eu-central-1', partition: 'aws' };

/** Planning makes nothing, so it needs no part of a stage but its address, and the numbers of versions. */
const parts = { endpoint: 'http://127.0.0.1:4566', lambda: { numberOfVersion: () => '1' } } as unknown as StageParts;

export const stackOf = (stackName: string, template: object): StackArtifact => ({
  stackName,
  template: template,
  accountId: undefined,
  region: undefined,
  assets: new Map(),
  pathOf: (logicalId) => `${stackName}/${logicalId}`,
});

export const plan = (...stacks: readonly StackArtifact[]): readonly StackPlan[] =>
  planAssembly(stacks, { account, parts, managedPolicies: new Map(), generations: new Generations() });

/** The lines with which the stacks are refused; none if they are not. */
export const refusalsOf = (...stacks: readonly StackArtifact[]): readonly string[] => {
  try {
    plan(...stacks);
    return [];
  } catch (error) {
    if (error instanceof RefusedAssemblyError) return error.message.split('\n');
    throw error;
  }
};
