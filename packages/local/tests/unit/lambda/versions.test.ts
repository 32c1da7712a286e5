import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { account } from '../../helpers/gateway.ts';
import { type LambdaStage, startLambdaStage } from '../../helpers/lambda.ts';

const ARN = `arn:aws:lambda:${account.region}:${account.accountId}:function:f`;

let stage: LambdaStage;
let client: LambdaClient;
beforeEach(async () => {
  stage = await startLambdaStage();
  client = new LambdaClient(stage.client());
});
afterEach(async () => {
  client.destroy();
  await stage.close();
});

const answering = (word: string) =>
  stage.put(
    `export const handler = async (event, { functionVersion, invokedFunctionArn }) => ({
      word: '${word}', functionVersion, invokedFunctionArn, env: process.env.AWS_LAMBDA_FUNCTION_VERSION });`,
  );

const invoke = async (input: { FunctionName: string; Qualifier?: string }) => {
  const { Payload, ExecutedVersion } = await client.send(new InvokeCommand(input));
  return { ...(JSON.parse(Payload?.transformToString() ?? '') as Record<string, string>), ExecutedVersion };
};

const publish = (id: string) => {
  const version = stage.lambda.numberOfVersion('f', id);
  stage.lambda.publishVersion('f', version);
  return version;
};

describe('A published version', () => {
  it('keeps the code of its time', async () => {
    // Prepare
    answering('old');
    publish('a');
    answering('new');

    // Act
    const [version, latest] = [
      await invoke({ FunctionName: 'f', Qualifier: '1' }),
      await invoke({ FunctionName: `${ARN}:$LATEST` }),
    ];

    // Assess
    expect(version).toEqual({
      word: 'old',
      functionVersion: '1',
      env: '1',
      invokedFunctionArn: `${ARN}:1`,
      ExecutedVersion: '1',
    });
    expect(latest).toMatchObject({ word: 'new', functionVersion: '$LATEST', ExecutedVersion: '$LATEST' });
    expect(stage.logText()).toContain('Version: 1\n');
  });

  it('has the same number for whoever asks again, and the next for another', () => {
    expect(['a', 'b', 'a', 'c'].map((id) => stage.lambda.numberOfVersion('f', id))).toEqual(['1', '2', '1', '3']);
  });

  it('shares the reserved concurrency of its function', async () => {
    // Prepare
    answering('x');
    publish('a');
    stage.put('export const handler = async () => 1;', { reservedConcurrency: 0 });

    // Act
    const error = await invoke({ FunctionName: 'f', Qualifier: '1' }).catch((reason: unknown) => reason);

    // Assess
    expect(error).toMatchObject({ name: 'TooManyRequestsException' });
  });

  it('is shown under its own ARN', async () => {
    answering('x');
    publish('a');
    expect(await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'f', Qualifier: '1' }))).toMatchObject(
      { FunctionArn: `${ARN}:1`, Version: '1' },
    );
  });

  it('is gone when it has been deleted', async () => {
    // Prepare
    answering('x');
    stage.lambda.deleteVersion('f', publish('a'));

    // Act
    const error = await invoke({ FunctionName: 'f', Qualifier: '1' }).catch((reason: unknown) => reason);

    // Assess
    expect(error).toMatchObject({ name: 'ResourceNotFoundException', message: `Function not found: ${ARN}:1` });
  });
});

describe('An alias', () => {
  it('leads to a version, later to another', async () => {
    // Prepare
    answering('one');
    stage.lambda.putAlias('f', 'live', publish('a'));
    const before = await invoke({ FunctionName: `${ARN}:live` });
    answering('two');
    const unmoved = await invoke({ FunctionName: 'f:live' });

    // Act
    stage.lambda.putAlias('f', 'live', publish('b'));
    const after = await invoke({ FunctionName: 'f', Qualifier: 'live' });

    // Assess
    expect(before).toMatchObject({ word: 'one', invokedFunctionArn: `${ARN}:live`, ExecutedVersion: '1' });
    expect(unmoved).toMatchObject({ word: 'one' });
    expect(after).toMatchObject({ word: 'two', invokedFunctionArn: `${ARN}:live`, ExecutedVersion: '2' });
  });

  it('may lead to what is unpublished', async () => {
    answering('x');
    stage.lambda.putAlias('f', 'live', '$LATEST');
    expect(await invoke({ FunctionName: 'f', Qualifier: 'live' })).toMatchObject({ ExecutedVersion: '$LATEST' });
  });

  it('needs a version that there is', () => {
    answering('x');
    expect(() => stage.lambda.putAlias('f', 'live', '3')).toThrow(`Function not found: ${ARN}:3`);
  });

  it('is counted apart', async () => {
    // Prepare
    answering('x');
    stage.lambda.putAlias('f', 'live', publish('a'));

    // Act
    await invoke({ FunctionName: 'f', Qualifier: 'live' });
    await invoke({ FunctionName: 'f' });

    // Assess
    const count = (dimensions: Record<string, string>) => stage.metrics.sum('AWS/Lambda', 'Invocations', dimensions);
    expect(count({ FunctionName: 'f' })).toBe(2);
    expect(count({ FunctionName: 'f', Resource: 'f:live' })).toBe(1);
    expect(count({})).toBe(2);
  });
});
