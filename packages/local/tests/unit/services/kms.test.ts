import { DescribeKeyCommand, EncryptCommand, KMSClient, ListAliasesCommand } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keys } from '../../../src/services/kms.ts';
import { account, startGateway, type TestGateway } from '../../helpers/gateway.ts';

let stage: TestGateway;
let keys: Keys;
let client: KMSClient;
beforeEach(async () => {
  stage = await startGateway();
  keys = new Keys({ account, clock: stage.clock });
  stage.gateway.register(keys);
  client = new KMSClient(stage.client());
});
afterEach(async () => {
  client.destroy();
  await stage.close();
});

const describeKey = (KeyId: string) =>
  client.send(new DescribeKeyCommand({ KeyId })).catch((error: unknown) => error as Error);

describe('KMS', () => {
  it('knows a key by id, ARN, alias and the ARN of an alias', async () => {
    // Prepare
    const { arn, keyId } = keys.create({ description: 'mine' });
    keys.createAlias('alias/mine', keyId);

    // Act
    const names = [keyId, arn, 'alias/mine', arn.replace(`key/${keyId}`, 'alias/mine')];
    const found = await Promise.all(names.map(describeKey));

    // Assess
    expect(found).toEqual(
      names.map((): unknown =>
        expect.objectContaining({
          KeyMetadata: expect.objectContaining({ Arn: arn, Description: 'mine', Enabled: true }) as unknown,
        }),
      ),
    );
  });

  it('forgets a key with its aliases', async () => {
    // Prepare
    const { keyId } = keys.create();
    keys.createAlias('alias/mine', keyId);

    // Act
    keys.delete(keyId);
    const [byId, byAlias, { Aliases }] = [
      await describeKey(keyId),
      await describeKey('alias/mine'),
      await client.send(new ListAliasesCommand({})),
    ];

    // Assess
    expect(byId).toMatchObject({
      name: 'NotFoundException',
      message: expect.stringContaining(`key/${keyId}' does not exist`),
    });
    expect(byAlias).toMatchObject({
      name: 'NotFoundException',
      message: expect.stringContaining("alias/mine' is not found."),
    });
    expect(Aliases).toEqual([]);
  });

  it('refuses what it does not do, by name', async () => {
    // Act
    const error = await client
      .send(new EncryptCommand({ KeyId: 'x', Plaintext: Buffer.from('x') }))
      .catch((reason: unknown) => reason);

    // Assess
    expect(error).toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('Encrypt of kms'),
    });
  });
});
