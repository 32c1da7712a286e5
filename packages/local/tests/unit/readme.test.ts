import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TemporaryDirectory, temporaryDirectory, writeAssembly } from '../helpers/assembly.ts';
import { leftBehind } from '../helpers/left-behind.ts';
import { runNode } from '../helpers/serve.ts';

const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const MODULES = path.resolve(PACKAGE, '../../node_modules');
const VITEST = path.join(MODULES, 'vitest/vitest.mjs');

/** What an example is run on: a machine that waits. */
const ETL = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Definition: {
          StartAt: 'WaitForLateData',
          States: { WaitForLateData: { Type: 'Wait', Seconds: 3600, End: true } },
        },
      },
    },
  },
  Outputs: { StateMachineArn: { Value: { Ref: 'Machine' } } },
};

interface Example {
  readonly kind: string;
  readonly text: string;
}

/** The TypeScript examples that the README marks as such that run. */
const examples = (): readonly Example[] => {
  const readme = readFileSync(path.join(PACKAGE, 'README.md'), 'utf8');
  const marked = readme.matchAll(/<!-- runs (as a program|in vitest) -->\n```ts\n(.*?)```/gs);
  return [...marked].map(([, kind = '', text = '']) => ({ kind, text }));
};

const exampleWith = (text: string): Example => {
  const found = examples().filter((example) => example.text.includes(text));
  expect(found).toHaveLength(1);
  return found[0] as Example;
};

/** A user's project: the built package and what the examples import are installed, and `cdk.out` is there. */
const writeProject = (directory: string): void => {
  writeFileSync(path.join(directory, 'package.json'), '{ "type": "module" }');
  mkdirSync(path.join(directory, 'node_modules/@sfn-redshift'), { recursive: true });
  symlinkSync(PACKAGE, path.join(directory, 'node_modules/@sfn-redshift/local'));
  for (const name of ['@aws-sdk', 'vitest'])
    symlinkSync(path.join(MODULES, name), path.join(directory, 'node_modules', name));
  mkdirSync(path.join(directory, 'cdk.out'));
  writeAssembly(path.join(directory, 'cdk.out'), { Etl: ETL });
};

describe('The README', () => {
  let project: TemporaryDirectory;
  let temporary: TemporaryDirectory;

  beforeAll(() => {
    project = temporaryDirectory();
    temporary = temporaryDirectory();
    writeProject(project.path);
  });

  afterAll(() => {
    project.remove();
    temporary.remove();
  });

  const run = async (file: string, text: string, ...command: readonly string[]) => {
    writeFileSync(path.join(project.path, file), text);
    return await runNode([...command, file], temporary.path, project.path).ended;
  };

  it('has three examples that are run here', () => {
    expect(examples().map(({ kind }) => kind)).toEqual(['as a program', 'as a program', 'in vitest']);
  });

  it('shows a program that asks the Data API alone', async () => {
    const { kind, text } = exampleWith('RedshiftStage.start()');

    expect(kind).toBe('as a program');
    expect(await run('redshift.ts', text)).toEqual({
      code: 0,
      signal: null,
      stdout: '[ [ { longValue: 1 } ] ]\n',
      stderr: '',
    });
  });

  it('shows a program that deploys', async () => {
    const { code, stdout, stderr } = await run('deploy.ts', exampleWith('console.log(stage.endpoint').text);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+ .*StateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:/s,
    );
  });

  it('shows a test of vitest', async () => {
    const { kind, text } = exampleWith('beforeAll');
    const { code, stdout } = await run('etl.test.ts', text, VITEST, 'run');

    expect(kind).toBe('in vitest');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/1 passed/) as string });
  });

  it('leaves nothing behind by its examples', () => {
    expect(leftBehind(temporary.path)).toEqual([]);
  });
});
