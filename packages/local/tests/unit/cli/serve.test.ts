import { existsSync, readdirSync, watch } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TemporaryDirectory, temporaryDirectory, writeAssembly } from '../../helpers/assembly.ts';
import { leftBehind } from '../../helpers/left-behind.ts';
import { type Announcement, BIN, type Running, runCommand, runNode } from '../../helpers/serve.ts';
import { FUNCTION_CODE, FUNCTION_KEY, smallApp } from '../../helpers/small-app.ts';

let assembly: TemporaryDirectory;
let temporary: TemporaryDirectory;

beforeEach(() => {
  assembly = temporaryDirectory();
  temporary = temporaryDirectory();
  writeAssembly(assembly.path, { SmallApp: smallApp }, { assets: { [FUNCTION_KEY]: FUNCTION_CODE } });
});

/** No test may leave anything, however it ended. */
afterEach(() => {
  const left = leftBehind(temporary.path);
  assembly.remove();
  temporary.remove();
  expect(left).toEqual([]);
});

const serve = (...args: readonly string[]): Running =>
  runCommand(['serve', '--app', assembly.path, ...args], temporary.path);

const announced = async ({ firstLine, ended }: Running): Promise<Announcement> => {
  const line = await firstLine;
  if (line === undefined) throw new Error(`ended without a line: ${(await ended).stderr}`);
  return JSON.parse(line) as Announcement;
};

/** Resolves when `isThere` holds, looked at whenever something changes in the directory. */
const seenIn = (directory: string, isThere: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (!isThere()) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(directory, { recursive: true }, look);
    look();
  });

describe('sfn-redshift-local serve', () => {
  it('prints one line of JSON when ready, with which an SDK finds everything', async () => {
    const running = serve();
    const { endpoint, region, accountId, postgres, stacks } = await announced(running);
    const client = new SQSClient({ endpoint, region, credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
    const QueueUrl = stacks.SmallApp?.outputs.QueueUrl;
    await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    running.child.kill('SIGTERM');
    const { code, stdout, stderr } = await running.ended;
    expect({ code, region, accountId }).toEqual({ code: 0, region: 'us-east-1', accountId: '000000000000' });
    expect(postgres).toMatch(/^postgres:\/\//);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    for (const line of stderr.split('\n').filter(Boolean)) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('ends at Ctrl-C, which its whole group gets', async () => {
    const running = serve();
    await announced(running);
    process.kill(-(running.child.pid as number), 'SIGINT');
    expect(await running.ended).toMatchObject({ code: 0 });
  });

  it('is not kept from cleaning up by a second signal', async () => {
    const running = serve();
    await announced(running);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGINT'] as const) running.child.kill(signal);
    expect(await running.ended).toMatchObject({ code: 0 });
  });

  it('leaves nothing when it is told to end at once', async () => {
    const running = serve();
    running.child.kill('SIGTERM');
    const { code, signal, stdout } = await running.ended;
    expect(code === 0 || signal === 'SIGTERM').toBe(true);
    expect(stdout).toBe('');
  });

  it('leaves nothing when it is told to end while PostgreSQL is being made', async () => {
    const running = serve();
    await seenIn(temporary.path, () => readdirSync(temporary.path).some((name) => name.includes('postgres')));
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 0, stdout: '' });
  });

  it('leaves nothing when it is told to end while PostgreSQL starts', async () => {
    const running = serve();
    const hasCluster = () =>
      readdirSync(temporary.path).some((name) => existsSync(path.join(temporary.path, name, 'data', 'PG_VERSION')));
    await seenIn(temporary.path, hasCluster);
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0 });
  });

  it('ends when its parent is killed', async () => {
    const parent = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' })`;
    const running = runNode(['-e', parent, BIN, 'serve', '--app', assembly.path], temporary.path);
    await announced(running);
    running.child.kill('SIGKILL');
    // The orphan holds the same standard output, so this waits for its end too.
    expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
    await vi.waitFor(() => expect(leftBehind(temporary.path)).toEqual([]), { timeout: 10_000 });
  });

  it('leaves nothing but its code directory when it is killed itself', async () => {
    const running = serve();
    await announced(running);
    running.child.kill('SIGKILL');
    await running.ended;
    await vi.waitFor(() => expect(leftBehind(temporary.path).filter((name) => !name.includes('-code-'))).toEqual([]), {
      timeout: 10_000,
    });
    temporary.remove();
    temporary = temporaryDirectory();
  });
});

describe('sfn-redshift-local, when it cannot serve', () => {
  const failure = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runCommand(args, temporary.path).ended;
    expect(stdout).toBe('');
    return { code, stderr };
  };

  it('says in one line that there is no assembly', async () => {
    expect(await failure('serve', '--app', '/nowhere/cdk.out')).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^sfn-redshift-local: no cloud assembly at \/nowhere\/cdk\.out.*\n$/) as string,
    });
  });

  it('names everything that it does not know, a line each', async () => {
    const Topic = { Type: 'AWS::SNS::Topic' };
    writeAssembly(assembly.path, { Stack: { Resources: { One: Topic, Two: Topic } } }, {});
    expect(await failure('serve', '--app', assembly.path)).toEqual({
      code: 2,
      stderr:
        'sfn-redshift-local: Stack/One (AWS::SNS::Topic): resource type is not supported\n' +
        'sfn-redshift-local: Stack/Two (AWS::SNS::Topic): resource type is not supported\n',
    });
  });

  it('says in one line that the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    expect(await failure('serve', '--app', assembly.path, '--port', String(port))).toEqual({
      code: 2,
      stderr: `sfn-redshift-local: Port ${port} of 127.0.0.1 is in use; name another one or none.\n`,
    });
    server.close();
  });

  it('says in one line that PostgreSQL does not answer, without the password', async () => {
    const { code, stderr } = await failure(
      'serve',
      '--app',
      assembly.path,
      '--postgres',
      'postgres://u:pw@127.0.0.1:1/d',
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/^sfn-redshift-local: No PostgreSQL answers at postgres:\/\/u@127\.0\.0\.1:1\/d: .*\n$/);
  });

  it('says in one line what is wrong with the command line', async () => {
    expect(await failure('serve', '--colour', 'red')).toEqual({
      code: 2,
      stderr: "sfn-redshift-local: Unknown option '--colour'; see sfn-redshift-local --help\n",
    });
  });

  it('says in one line that Node is too old', async () => {
    const older = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.20.2"}})';
    const { code, stdout, stderr } = await runNode(['--import', older, BIN, '--help'], temporary.path).ended;
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'sfn-redshift-local needs Node 24 or newer; this is Node 20.20.2.\n',
    });
  });
});

describe('sfn-redshift-local', () => {
  it('prints its help', async () => {
    const { code, stdout } = await runCommand(['--help'], temporary.path).ended;
    expect(code).toBe(0);
    for (const option of ['--app', '--port', '--postgres', '--warehouse', '--version'])
      expect(stdout).toContain(option);
  });

  it('prints its version', async () => {
    const { code, stdout } = await runCommand(['--version'], temporary.path).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string });
  });
});
