import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { LocalStage } from '../../../src/stage.ts';
import { type TemporaryDirectory, temporaryDirectory, writeAssembly } from '../../helpers/assembly.ts';
import { CUSTOM_KEY, customApp } from '../../helpers/custom-app.ts';

/** Runs SQL when it is created, and tells what came out; leaves a line in a file for each request. */
const CODE = `
import { appendFileSync } from 'node:fs';
import { ExecuteStatementCommand, GetStatementResultCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';

const client = new RedshiftDataClient();

const run = async () => {
  const target = { ClusterIdentifier: 'any', Database: 'dev', DbUser: 'etl' };
  const { Id } = await client.send(new ExecuteStatementCommand({ ...target, Sql: 'select 6 * 7', WaitTimeSeconds: 30 }));
  const { Records } = await client.send(new GetStatementResultCommand({ Id }));
  return Records[0][0].longValue;
};

export const handler = async ({ ResponseURL, RequestType, StackId, RequestId, LogicalResourceId, ...event }) => {
  appendFileSync(event.ResourceProperties.File, RequestType + '\\n');
  const Data = RequestType === 'Create' ? { Size: await run() } : {};
  const answer = { Status: 'SUCCESS', StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'thing', Data };
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(answer) });
};
`;

let directory: TemporaryDirectory;
let stage: LocalStage;
const file = () => path.join(directory.path, 'requests.txt');

beforeAll(async () => {
  directory = temporaryDirectory();
  const app = customApp({ File: file() });
  const { Role } = app.Resources;
  const Statement = [{ Effect: 'Allow', Action: ['redshift-data:*', 'redshift:GetClusterCredentials'], Resource: '*' }];
  Object.assign(Role.Properties, {
    Policies: [{ PolicyName: 'sql', PolicyDocument: { Version: '2012-10-17', Statement } }],
  });
  Object.assign(app.Resources.Handler.Properties, { Timeout: 60 });
  const assembly = writeAssembly(directory.path, { Stack: app }, { assets: { [CUSTOM_KEY]: CODE } });
  stage = await LocalStage.deploy(assembly, { postgres: inject('postgresUrl') });
});

afterAll(async () => {
  await stage.close();
  directory.remove();
});

describe('a custom resource on a stage', () => {
  it('runs SQL while its stack is deployed', () => {
    expect(stage.stacks.Stack).toMatchObject({ status: 'CREATE_COMPLETE', outputs: { Size: '42' } });
  });

  it('gets its Delete when the stage is torn down', async () => {
    await stage.close({ teardown: true });
    expect(readFileSync(file(), 'utf8')).toBe('Create\nDelete\n');
    await stage.close({ teardown: true });
  });
});
