import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../../src/common/service.ts';
import { randomPassword } from '../../../src/services/random-password.ts';
import { Secrets } from '../../../src/services/secrets.ts';
import { account, addRole, startGateway, type TestGateway } from '../../helpers/gateway.ts';

const ADMINISTRATOR: Caller = { type: 'administrator', arn: 'test' };

let stage: TestGateway;
let secrets: Secrets;
beforeEach(async () => {
  stage = await startGateway();
  secrets = new Secrets({ account, clock: stage.clock });
  stage.gateway.register(secrets);
  secrets.put('login', { value: '{"username":"etl"}', keyArn: undefined });
});
afterEach(() => stage.close());

const call = (operation: string, input: object, caller: Caller = ADMINISTRATOR) =>
  stage.gateway.call({ caller, service: 'secretsmanager', operation, input: { ...input } });
const arn = () => secrets.find('login')?.arn ?? '';

describe('Secrets Manager', () => {
  it('gives the value over the wire', async () => {
    const response = await fetch(stage.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue' },
      body: JSON.stringify({ SecretId: 'login' }),
    });
    expect(await response.json()).toMatchObject({
      ARN: arn(),
      Name: 'login',
      SecretString: '{"username":"etl"}',
      VersionStages: ['AWSCURRENT'],
    });
    expect(arn()).toMatch(/^arn:aws:secretsmanager:eu-central-1:123456789012:secret:login-[A-Za-z0-9]{6}$/);
  });

  it('knows a secret by name, ARN and the beginning of its ARN, and by nothing shorter', () => {
    const names = ['login', arn(), arn().slice(0, -7)];
    expect(names.map((id) => secrets.find(id)?.name)).toEqual(['login', 'login', 'login']);
    expect([arn().slice(0, -1), arn().slice(0, -8), 'log'].map((id) => secrets.find(id))).toEqual(
      Array(3).fill(undefined),
    );
  });

  it('has another version for another value, and keeps it for the same', async () => {
    const before = secrets.find('login')?.versionId ?? '';
    secrets.put('login', { value: '{"username":"etl"}', keyArn: undefined });
    expect(secrets.find('login')?.versionId).toBe(before);

    secrets.put('login', { value: '{}', keyArn: undefined });

    expect(await call('GetSecretValue', { SecretId: 'login' })).toMatchObject({ SecretString: '{}' });
    await expect(call('GetSecretValue', { SecretId: 'login', VersionId: before })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it.each([
    ['one that does not exist', { SecretId: 'none' }, 'ResourceNotFoundException'],
    ['one without a value', { SecretId: 'blank' }, 'ResourceNotFoundException'],
    ['another stage', { SecretId: 'login', VersionStage: 'AWSPREVIOUS' }, 'ResourceNotFoundException'],
    ['no id', {}, 'ValidationException'],
  ])('refuses %s', async (_what, input, code) => {
    secrets.put('blank', { value: undefined, keyArn: undefined });
    await expect(call('GetSecretValue', input)).rejects.toMatchObject({ code });
  });

  it('describes a secret without its value, and makes none', async () => {
    const described = await call('DescribeSecret', { SecretId: 'login' });
    expect(described).toMatchObject({ ARN: arn(), Name: 'login' });
    expect(JSON.stringify(described)).not.toContain('etl');
    await expect(call('CreateSecret', { Name: 'x' })).rejects.toMatchObject({ code: 'UnknownOperationException' });
  });

  it('lets only those read who may', async () => {
    const callerOf = (name: string, resource: string) => {
      const role = addRole(stage, name, {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: resource,
      });
      return stage.identities.sessionOf(role, 'session');
    };
    const partial = `${arn().slice(0, -6)}??????`;

    expect(await call('GetSecretValue', { SecretId: 'login' }, callerOf('reader', partial))).toBeDefined();
    await expect(
      call('GetSecretValue', { SecretId: 'login' }, callerOf('stranger', partial.replace('login', 'other'))),
    ).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  it('forgets one that is deleted', async () => {
    secrets.delete('login');
    await expect(call('GetSecretValue', { SecretId: 'login' })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});

describe('A random password', () => {
  const TYPES = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9 ]/];

  it('has one of each type, 32 characters where nothing is said, and is another each time', () => {
    const passwords = Array.from({ length: 50 }, () => randomPassword({}));
    for (const password of passwords) for (const type of TYPES) expect(password).toMatch(type);
    expect(new Set(passwords.map(({ length }) => length))).toEqual(new Set([32]));
    expect(new Set(passwords).size).toBe(50);
  });

  it('has nothing that is excluded', () => {
    const password = randomPassword({
      length: 500,
      excludedTypes: ['punctuation', 'uppercase'],
      excludedCharacters: 'abc0',
      includeSpace: true,
    });
    expect(password).toMatch(/^[d-z1-9 ]{500}$/);
    expect(password).toContain(' ');
  });

  it('may be short where it need not have each type', () => {
    expect(randomPassword({ length: 1, requireEachType: false })).toHaveLength(1);
    expect(() => randomPassword({ length: 1 })).toThrow('one of each of 4 types');
    expect(() => randomPassword({ excludedTypes: ['lowercase', 'uppercase', 'numbers', 'punctuation'] })).toThrow(
      'could have no characters',
    );
  });
});
