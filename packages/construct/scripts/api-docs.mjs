/**
 * Prints API.md, made from the assembly that jsii has built: the public API in the words of its docstrings. jsii-docgen finds no
 * packages that npm has hoisted, so it is given a tree of its own, with the assemblies alone.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const FILES = ['package.json', '.jsii', '.jsii.gz'];

const apiDocs = async () => {
  const tree = mkdtempSync(join(tmpdir(), 'api-docs-'));
  try {
    const { name, peerDependencies } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
    copyAssembly(PACKAGE, tree, name);
    for (const peer of Object.keys(peerDependencies)) copyAssembly(directoryOf(peer), tree, peer);
    return await markdownOf(name, tree);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
};

const markdownOf = async (name, directory) => {
  const { Documentation, Language } = require('jsii-docgen');
  const documentation = await Documentation.forAssembly(name, directory);
  const markdown = await documentation.toMarkdown({ language: Language.TYPESCRIPT });
  return markdown.render();
};

const copyAssembly = (from, tree, name) => {
  const to = join(tree, 'node_modules', name);
  mkdirSync(to, { recursive: true });
  for (const file of FILES) if (existsSync(join(from, file))) cpSync(join(from, file), join(to, file));
};

const directoryOf = (name) => dirname(require.resolve(`${name}/package.json`));

process.stdout.write(await apiDocs());
