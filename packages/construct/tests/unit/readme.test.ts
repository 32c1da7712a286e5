import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RedshiftErrors } from 'sfn-redshift-tasker';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { exampleSnippets, readmeSnippets } from '../helpers/readme.ts';
import { addTasker, newStack } from '../helpers/synth.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

const OPTIONS: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2024,
  strict: true,
  noUnusedLocals: true,
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
};

/** What the compiler says about each of some sources, as if they lay beside this test; all at once, as the CDK's types take long to read. */
const errorsIn = (...sources: readonly string[]): string[][] => {
  const files = new Map(sources.map((source, n) => [join(HERE, `snippet-${n}.mts`), source]));
  const host = ts.createCompilerHost(OPTIONS);
  const disk = { ...host };
  host.fileExists = (name) => files.has(name) || disk.fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    const source = files.get(name);
    return source === undefined
      ? disk.getSourceFile(name, ...rest)
      : ts.createSourceFile(name, source, ts.ScriptTarget.ES2024);
  };
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return [...files.keys()].map((name) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(name))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
};

const readme = readFileSync(join(HERE, '../../README.md'), 'utf8');

describe('the snippets', () => {
  it('of both READMEs, of the pages and of the examples compile', { timeout: 120_000 }, () => {
    const [smallest = '', resource = '', target = '', durable = '', ...more] = readmeSnippets();
    const others = [...readmeSnippets('project'), ...readmeSnippets('migration'), ...readmeSnippets('payload')];
    const examples = exampleSnippets();

    const [wrong = [], ...right] = errorsIn(
      smallest.replace('dbUser', 'dbUsr'),
      `${smallest}${target}reports.grantInvoke;`,
      resource,
      durable,
      ...others,
      ...examples,
    );

    expect(more).toEqual([]);
    expect(others).toHaveLength(3);
    expect(examples.length).toBeGreaterThan(0);
    expect(durable).toContain('waitForStatement');
    expect(right).toEqual([[], [], [], [], [], [], ...examples.map(() => [])]);
    expect(wrong.join()).toMatch(/'dbUsr' does not exist/);
  });
});

describe('the README', () => {
  it('names only members that a tasker has', () => {
    const tasker = addTasker(newStack());
    const named = [...readme.matchAll(/`(metric\w+)\(\)|\| `(\w+)` \((?:Lambda|DynamoDB|EventBridge|SQS|KMS)/g)];
    const members = named.map(([, metric, resource]) => String(metric ?? resource));
    expect(members).toContain('metricCallbacksUndeliverable');
    expect(members).toContain('encryptionKey');
    expect(members.filter((member) => !(member in tasker))).toEqual([]);
  });

  it('has a task state in less than 15 lines', () => {
    const [project = ''] = readmeSnippets('project');
    const [state = ''] = /^const load = tasker[^]*?^\}\);$/m.exec(project) ?? [];
    expect(state).toContain('parameters');
    expect(state.split('\n').length).toBeLessThan(15);
  });

  it('has every name of an error in one of its tables', () => {
    const names = Object.values(RedshiftErrors).filter((name) => typeof name === 'string');
    const rows = readme.match(/^\| `.*$/gm) ?? [];
    const tabled = rows.flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !tabled.includes(name))).toEqual([]);
  });

  it('says that nothing has ever been run on AWS', () => {
    expect(readme).toContain('**Never run on AWS.**');
  });
});
