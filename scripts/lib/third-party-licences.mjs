/**
 * What must travel with a bundle: which packages are in it, under which licences, with their texts. Own code, since the
 * bundler already knows what it has put in, and the plugins that do this guess it anew.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What we publish contains these only; another licence fails the build until somebody has read it. */
const PERMISSIVE = ['Apache-2.0', 'MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause'];

const PACKAGE_OF_FILE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const TEXT_FILE = /^(licen[cs]e|copying|notice)/i;

/** For packages that name a licence and bring no text. MIT-0 asks for none. */
const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** The text of THIRD-PARTY-LICENSES.txt for what esbuild's metafile says is in a bundle; each licence text once. */
export const thirdPartyLicences = ({ outputs }) => {
  const packages = packagesIn(outputs).map(describe);
  const byText = Map.groupBy(packages, ({ text }) => text);
  return [
    'The files beside this one contain parts of these packages.',
    ...[...byText].map(([text, sharers]) => [...sharers.map(({ title }) => title), '', text].join('\n')),
  ].join(`\n\n${'-'.repeat(80)}\n\n`);
};

const packagesIn = (outputs) => {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0),
  );
  const directories = files.flatMap((file) => PACKAGE_OF_FILE.exec(file) ?? []);
  return [...new Set(directories)].sort();
};

const describe = (directory) => {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const { name, version, license } = manifest;
  if (!PERMISSIVE.includes(license))
    throw new Error(`${name} is bundled, and its licence is ${JSON.stringify(license)}`);
  return { title: `${name} ${version} (${license})`, text: textOf(directory, manifest) };
};

const textOf = (directory, { name, license, author }) => {
  const files = readdirSync(directory)
    .filter((file) => TEXT_FILE.test(file))
    .sort();
  if (files.length > 0) return files.map((file) => readFileSync(join(directory, file), 'utf8').trim()).join('\n\n');
  const holder = author?.name ?? author;
  if (license === 'MIT-0' && holder)
    return `Copyright ${holder}. MIT No Attribution: https://spdx.org/licenses/MIT-0.html`;
  if (license === 'MIT' && holder) return `Copyright (c) ${holder}\n\n${MIT}`;
  throw new Error(`${name} is bundled, and brings no text of its licence ${license}`);
};
