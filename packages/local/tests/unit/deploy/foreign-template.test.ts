import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RefusedAssemblyError } from '../../../src/deploy/refusals.ts';
import { LocalStage } from '../../../src/stage.ts';
import {
  refusalsOf,
  stackOf,
  type TemporaryDirectory,
  temporaryDirectory,
  writeAssembly,
} from '../../helpers/assembly.ts';
import { leftBehind } from '../../helpers/left-behind.ts';
import { foreignResources, foreignTemplates } from './foreign-template.ts';

/** Of the types in the templates, those that the stage knows. */
const KNOWN = [
  'AWS::CDK::Metadata',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::Redshift::Cluster',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
];

const unknown = foreignResources.filter(({ type }) => !KNOWN.includes(type));

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
};

const isServed = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  const connected = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'close').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return connected;
};

describe('A large foreign template', () => {
  const TMPDIR = process.env.TMPDIR;
  let assembly: TemporaryDirectory;
  let temporary: TemporaryDirectory;
  let port: number;
  let error: unknown;

  beforeAll(async () => {
    assembly = temporaryDirectory();
    writeAssembly(assembly.path, foreignTemplates);
    temporary = temporaryDirectory();
    process.env.TMPDIR = temporary.path;
    port = await freePort();
    error = await LocalStage.deploy(assembly.path, { port }).then(
      (stage) => stage.close(),
      (refusal: unknown) => refusal,
    );
  });

  afterAll(() => {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    assembly.remove();
    temporary.remove();
  });

  it('has more than forty types that the stage does not know', () => {
    expect(new Set(unknown.map(({ type }) => type)).size).toBeGreaterThan(40);
  });

  it('is refused in one error that names each unknown resource by construct path and type, and nothing else', () => {
    expect(error).toBeInstanceOf(RefusedAssemblyError);
    expect((error as RefusedAssemblyError).message.split('\n').toSorted()).toEqual(
      unknown.map(({ where }) => `${where}: resource type is not supported`).toSorted(),
    );
  });

  it('leaves nothing behind: no process, no file, no port', async () => {
    expect(leftBehind(temporary.path).filter((line) => !line.includes('vitest'))).toEqual([]);
    expect(await isServed(port)).toBe(false);
  });

  it('is refused by the types alone: what it has of known types would deploy', () => {
    const known = Object.entries(foreignTemplates).map(([stack, { Resources }]) => [
      stack,
      { Resources: Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => KNOWN.includes(Type))) },
    ]);

    expect(refusalsOf(...known.map(([stack, template]) => stackOf(stack as string, template as object)))).toEqual([]);
  });
});
