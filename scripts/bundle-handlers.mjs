/**
 * Bundles every handler of the package in the current directory: src/handlers/<name>.ts → dist/<name>/index.mjs.
 *
 * One minified ESM file each with a linked source map, plus chunks for what is imported lazily, and the licences of what
 * is in them. Run by the `build` target of invoker and completer.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { thirdPartyLicences } from './lib/third-party-licences.mjs';
import { trimmedSdk } from './lib/trimmed-sdk.mjs';

const HANDLERS = 'src/handlers';

// Some dependencies are CommonJS and call `require` for Node's own modules.
const REQUIRE_FOR_COMMONJS =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

/** In Lambda credentials are always environment variables; the SDK's default chain would be a fifth of the bundle. */
const credentials = fileURLToPath(new URL('lambda-credentials.mjs', import.meta.url));

const noBrowser = fileURLToPath(new URL('no-browser.mjs', import.meta.url));

const bundle = async (name) => {
  const { metafile } = await build(optionsFor(name));
  writeFileSync(join('dist', name, 'THIRD-PARTY-LICENSES.txt'), thirdPartyLicences(metafile));
};

const optionsFor = (name) => ({
  entryPoints: { index: join(HANDLERS, `${name}.ts`) },
  outdir: join('dist', name),
  outExtension: { '.js': '.mjs' },
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  minify: true,
  keepNames: false,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  sourcemap: 'linked',
  sourcesContent: false,
  // Their place is THIRD-PARTY-LICENSES.txt.
  legalComments: 'none',
  // 'module' must be named: setting any condition drops esbuild's implicit one.
  conditions: ['@sfn-redshift/source', 'module'],
  mainFields: ['module', 'main'],
  alias: { '@aws-sdk/credential-provider-node': credentials, bowser: noBrowser },
  plugins: [trimmedSdk],
  banner: { js: REQUIRE_FOR_COMMONJS },
  metafile: true,
});

rmSync('dist', { recursive: true, force: true });
await Promise.all(readdirSync(HANDLERS).map((file) => bundle(basename(file, '.ts'))));
