import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { newDirectory } from './helpers/directories.ts';
import { readmeSnippets } from './helpers/readme.ts';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const REPOSITORY = realpathSync(join(PACKAGE, '../..'));
const LIBRARIES = ['aws-cdk-lib', 'constructs'];

/** An empty CDK app with the README's stack; the libraries that a user would install are linked, not downloaded. */
const newCdkApp = (): string => {
  const app = realpathSync(newDirectory('cdk-app'));
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
  writeFileSync(join(app, 'app.mts'), String(readmeSnippets()[0]));
  return app;
};

const linkLibraries = (app: string): void => {
  mkdirSync(join(app, 'node_modules'), { recursive: true });
  for (const library of LIBRARIES) {
    symlinkSync(join(REPOSITORY, 'node_modules', library), join(app, 'node_modules', library), 'junction');
  }
};

const pack = async (): Promise<string> => {
  const directory = newDirectory('npm-pack');
  await run('npm', ['pack', '--ignore-scripts', '--silent', `--pack-destination=${directory}`], { cwd: PACKAGE });
  const [tarball, ...more] = readdirSync(directory);
  if (!tarball || more.length > 0) throw new Error(`npm pack wrote ${more.length + 1} files`);
  return join(directory, tarball);
};

/** The package has no dependencies of its own, so an offline npm can install it. */
const install = async (app: string, tarball: string): Promise<void> => {
  const options = ['--offline', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  await run('npm', ['install', ...options, `--cache=${newDirectory('npm-cache')}`, tarball], { cwd: app });
};

/**
 * Runs the app as the CDK does. Node itself sees to it that the app starts no other program (so: neither esbuild nor
 * Docker) and reads nothing but the given directories.
 */
const synthesize = async (app: string, readable: string[]): Promise<string> => {
  const outdir = join(app, 'cdk.out');
  const reads = [app, ...readable].map((directory) => `--allow-fs-read=${directory}`);
  const writes = [app, newDirectory('cdk-temporary')].map((directory) => `--allow-fs-write=${directory}`);
  await run(process.execPath, ['--permission', ...reads, ...writes, 'app.mts'], {
    cwd: app,
    env: { PATH: process.env['PATH'], CDK_OUTDIR: outdir },
  });
  return outdir;
};

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();

const templateIn = (outdir: string): unknown => JSON.parse(readFileSync(join(outdir, 'Reports.template.json'), 'utf8'));

const librariesOnly = LIBRARIES.concat('@aws-cdk').map((library) => join(REPOSITORY, 'node_modules', library));

describe('the packed construct', { timeout: 180_000 }, () => {
  const app = newCdkApp();
  const installed = join(app, 'node_modules', 'sfn-redshift-tasker');
  let outdir: string;

  beforeAll(async () => {
    await install(app, await pack());
    linkLibraries(app);
    outdir = await synthesize(app, librariesOnly);
  }, 180_000);

  it('synthesizes the same template and the same assets as inside the repository', async () => {
    const inside = newCdkApp();
    linkLibraries(inside);
    symlinkSync(PACKAGE, join(inside, 'node_modules', 'sfn-redshift-tasker'), 'junction');
    const insideOutdir = await synthesize(inside, [REPOSITORY]);
    expect(templateIn(outdir)).toEqual(templateIn(insideOutdir));
    const assets = (of: string) => filesIn(of).filter((file) => file.startsWith('asset.'));
    expect(assets(outdir)).toEqual(assets(insideOutdir));
    expect(assets(outdir).filter((file) => file.endsWith('/index.mjs'))).toHaveLength(3);
  });

  it('writes no path of the repository into the assembly', () => {
    const naming = filesIn(outdir).filter((file) => readFileSync(join(outdir, file), 'utf8').includes(PACKAGE));
    expect(naming).toEqual([]);
  });

  it('cannot read the repository while it synthesizes: the check would notice', async () => {
    const linked = newCdkApp();
    linkLibraries(linked);
    mkdirSync(join(linked, 'node_modules', 'sfn-redshift-tasker'));
    // Each name by itself: Node tells the names of a CommonJS module by reading its text.
    const main = ['RedshiftTarget', 'SfnRedshiftTasker']
      .map((name) => `exports.${name} = require(${JSON.stringify(PACKAGE)}).${name};`)
      .join('\n');
    writeFileSync(join(linked, 'node_modules', 'sfn-redshift-tasker', 'index.js'), main);
    await expect(synthesize(linked, librariesOnly)).rejects.toThrow(/ERR_ACCESS_DENIED|FileSystemRead/);
  });

  it('holds library, handlers, assembly and documents', () => {
    const files = filesIn(installed);
    for (const needed of [
      '.jsii',
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'assets/drain/index.mjs',
      'assets/invoker/index.mjs',
      'assets/sweep/index.mjs',
      'lib/index.d.ts',
      'lib/index.js',
      'package.json',
    ]) {
      expect(files).toContain(needed);
    }
    const allowed =
      /^(\.jsii|CHANGELOG\.md|LICENSE|README\.md|package\.json|assets\/(drain|invoker|sweep)\/([\w.-]+\.mjs(\.map)?|THIRD-PARTY-LICENSES\.txt)|lib\/.+\.(js|d\.ts))$/;
    expect(files.filter((file) => !allowed.test(file))).toEqual([]);
  });

  it.each(['drain', 'invoker', 'sweep'])('brings the licences of all packages that are bundled into %s', (handler) => {
    const bundle = join(installed, 'assets', handler);
    const licences = readFileSync(join(bundle, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    const bundled = readdirSync(bundle)
      .filter((file) => file.endsWith('.map'))
      .flatMap((file) => (JSON.parse(readFileSync(join(bundle, file), 'utf8')) as { sources: string[] }).sources)
      .flatMap((source) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
    expect(bundled).toEqual(expect.arrayContaining(['zod', '@middy/core', '@smithy/core']));
    expect([...new Set(bundled)].filter((name) => !new RegExp(`^${name} \\d`, 'm').test(licences))).toEqual([]);
    expect(licences).toContain('Permission is hereby granted, free of charge');
    expect(licences).toContain('Apache License');
  });

  it('names no directory of the machine that built it', () => {
    const naming = filesIn(installed).filter((file) =>
      readFileSync(join(installed, file), 'utf8').includes(REPOSITORY),
    );
    expect(naming).toEqual([]);
  });

  it('needs no other package than the peers', () => {
    expect(existsSync(join(installed, 'node_modules'))).toBe(false);
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, object>;
    expect(manifest['dependencies']).toBeUndefined();
    expect(Object.keys(manifest['peerDependencies'] ?? {}).sort()).toEqual(LIBRARIES);
  });
});
