import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningStacks, startStacks } from '../../helpers/stacks.ts';

let running: RunningStacks;
beforeAll(async () => {
  running = await startStacks();
});
afterAll(() => running.close());

const deploy = (properties: object) =>
  running.deploy({
    Stack: {
      Resources: { Login: { Type: 'AWS::SecretsManager::Secret', Properties: properties } },
      Outputs: { Arn: { Value: { Ref: 'Login' } } },
    },
  });

const secret = () => running.secrets.find(running.stack().outputs.Arn ?? '');
const loginIn = () => JSON.parse(secret()?.value ?? '') as { username: string; password: string };

const GENERATE = { SecretStringTemplate: '{"username":"etl"}', GenerateStringKey: 'password', PasswordLength: 20 };

describe('A secret of a template', () => {
  it('has a value that is drawn once, and again only when it is to be another', async () => {
    await deploy({ GenerateSecretString: GENERATE });
    const first = loginIn();
    await deploy({ GenerateSecretString: GENERATE, Description: 'changed' });
    const same = loginIn();
    await deploy({ GenerateSecretString: { ...GENERATE, PasswordLength: 21 } });
    const other = loginIn();

    expect(first).toEqual({ username: 'etl', password: expect.stringMatching(/^.{20}$/) as string });
    expect(same).toEqual(first);
    expect(other.password).toHaveLength(21);
  });

  it('has the value that the template gives, and is another one under another name', async () => {
    await deploy({ SecretString: '{"username":"a"}' });
    const before = secret();
    await deploy({ SecretString: '{"username":"b"}' });
    const changed = secret();
    await deploy({ SecretString: '{"username":"b"}', Name: 'mine' });

    expect(before?.value).toBe('{"username":"a"}');
    expect(changed).toMatchObject({ arn: before?.arn, value: '{"username":"b"}' });
    expect(secret()?.name).toBe('mine');
    expect(running.secrets.find(before?.arn ?? '')).toBeUndefined();
  });
});
