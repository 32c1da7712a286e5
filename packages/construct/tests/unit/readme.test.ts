import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readmeSnippets } from '../helpers/readme.ts';
import { addTasker, newStack } from '../helpers/synth.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

/** What the compiler says about a source file, as if it lay beside this test. */
const errorsIn = (source: string): string[] => {
  const path = join(HERE, 'snippet.mts');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2024,
    strict: true,
    noUnusedLocals: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const disk = { ...host };
  host.fileExists = (name) => name === path || disk.fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === path ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2024) : disk.getSourceFile(name, ...rest);
  const program = ts.createProgram([path], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
};

const readme = readFileSync(join(HERE, '../../README.md'), 'utf8');

describe('the README', () => {
  it('has a smallest stack that compiles, with a second target, too', { timeout: 120_000 }, () => {
    const [snippet, resource, target, ...more] = readmeSnippets();
    expect(more).toEqual([]);
    expect(errorsIn(`${snippet}${target}reports.grantInvoke;`)).toEqual([]);
    expect(errorsIn(String(resource))).toEqual([]);
    expect(errorsIn(String(snippet).replace('dbUser', 'dbUsr')).join()).toMatch(/'dbUsr' does not exist/);
  });

  it("has its counterpart in the project's README, which compiles too", { timeout: 120_000 }, () => {
    const [snippet, ...more] = readmeSnippets('project');
    expect(more).toEqual([]);
    expect(errorsIn(String(snippet))).toEqual([]);
  });

  it('has a page on migration whose new stack compiles', { timeout: 120_000 }, () => {
    const [snippet, ...more] = readmeSnippets('migration');
    expect(more).toEqual([]);
    expect(errorsIn(String(snippet))).toEqual([]);
  });

  it('names only members that a tasker has', () => {
    const tasker = addTasker(newStack());
    const named = [...readme.matchAll(/`(metric\w+)\(\)|\| `(\w+)` \((?:Lambda|DynamoDB|EventBridge|SQS|KMS)/g)];
    const members = named.map(([, metric, resource]) => String(metric ?? resource));
    expect(members).toContain('metricCallbacksUndeliverable');
    expect(members).toContain('encryptionKey');
    expect(members.filter((member) => !(member in tasker))).toEqual([]);
  });

  it('says that nothing has ever been run on AWS', () => {
    expect(readme).toContain('**Never run on AWS.**');
  });
});
