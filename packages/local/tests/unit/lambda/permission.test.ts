import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FunctionPermission } from '../../../src/lambda/index.ts';
import { account, addRole, sessionOf } from '../../helpers/gateway.ts';
import { type LambdaStage, startLambdaStage } from '../../helpers/lambda.ts';

const RULE = `arn:aws:events:${account.region}:${account.accountId}:rule/r`;
const ARN = `arn:aws:lambda:${account.region}:${account.accountId}:function:f`;

let stage: LambdaStage;
beforeEach(async () => {
  stage = await startLambdaStage();
  stage.put('export const handler = async () => 1;');
});
afterEach(() => stage.close());

const permit = (permission: Partial<FunctionPermission>) =>
  stage.lambda.addPermission({
    statementId: 's',
    target: { name: 'f', qualifier: undefined },
    action: 'lambda:InvokeFunction',
    principal: 'events.amazonaws.com',
    ...permission,
  });

/** What EventBridge is answered when it invokes the function for a rule. */
const invokedByRule = async (input: Record<string, unknown> = {}) => {
  const caller = { type: 'service', arn: 'events.amazonaws.com', sourceArn: RULE } as const;
  const call = { caller, service: 'lambda', operation: 'Invoke' } as const;
  return await stage.gateway
    .call({ ...call, input: { FunctionName: 'f', InvocationType: 'DryRun', ...input } })
    .then(() => 'ok')
    .catch((error: { code: string }) => error.code);
};

describe('A function invoked by an AWS service', () => {
  it('refuses it without a permission', async () => {
    expect(await invokedByRule()).toBe('AccessDeniedException');
  });

  it.each([
    ['for the service', {}, 'ok'],
    ['for every source that matches', { sourceArn: RULE.replace(/r$/, '*') }, 'ok'],
    ['for another source', { sourceArn: `${RULE}x` }, 'AccessDeniedException'],
    ['for this account', { sourceAccount: account.accountId }, 'ok'],
    ['for another account', { sourceAccount: '210987654321' }, 'AccessDeniedException'],
    ['for another service', { principal: 's3.amazonaws.com' }, 'AccessDeniedException'],
    ['for another action', { action: 'lambda:GetFunction' }, 'AccessDeniedException'],
    ['for every action', { action: 'lambda:*' }, 'ok'],
    ['for everybody', { principal: '*' }, 'ok'],
    ['for one version only', { target: { name: 'f', qualifier: '1' } }, 'AccessDeniedException'],
  ])('asks its policy: a permission %s', async (_case, permission, outcome) => {
    // Prepare
    stage.lambda.publishVersion('f', '1');
    permit(permission);

    // Act
    const answer = await invokedByRule();

    // Assess
    expect(answer).toBe(outcome);
  });

  it('refuses it again when the permission is gone, and says nothing of functions that there are not', async () => {
    // Prepare
    permit({});
    stage.lambda.removePermission({ name: 'f', qualifier: undefined }, 's');

    // Act
    const answers = [await invokedByRule(), await invokedByRule({ FunctionName: 'g' })];

    // Assess
    expect(answers).toEqual(['AccessDeniedException', 'ResourceNotFoundException']);
  });

  it('starts without permissions when it is made anew under the same name', async () => {
    // Prepare
    permit({});
    await stage.lambda.deleteFunction('f');

    // Act
    stage.put('export const handler = async () => 1;');

    // Assess
    expect(await invokedByRule()).toBe('AccessDeniedException');
  });

  it('lets it invoke an alias by that name only, for as long as the alias is there', async () => {
    // Prepare
    const target = { name: 'f', qualifier: 'live' };
    stage.lambda.publishVersion('f', '1');
    stage.lambda.putAlias('f', 'live', '1');
    permit({ target });
    const byAlias = () => invokedByRule({ Qualifier: 'live' });

    // Act
    const answers = [await byAlias(), await invokedByRule(), await invokedByRule({ Qualifier: '1' })];
    stage.lambda.deleteAlias('f', 'live');
    stage.lambda.putAlias('f', 'live', '1');

    // Assess
    expect(answers).toEqual(['ok', 'AccessDeniedException', 'AccessDeniedException']);
    expect(await byAlias()).toBe('AccessDeniedException');
  });

  it('keeps its permissions when its code is replaced', async () => {
    // Prepare
    permit({});

    // Act
    stage.put('export const handler = async () => 2;');

    // Assess
    expect(await invokedByRule()).toBe('ok');
  });
});

describe('A function invoked under a role that allows nothing', () => {
  it.each([
    ['a permission for the role lets it', () => addRole(stage, 'other'), 'ok'],
    ['a permission for the account leaves it to the role', () => account.accountId, 'AccessDeniedException'],
  ])('%s', async (_case, principal, outcome) => {
    // Prepare
    const roleArn = addRole(stage, 'other');
    permit({ principal: principal() });
    const client = new LambdaClient(stage.client(sessionOf(stage, roleArn)));

    // Act
    const answer = await client
      .send(new InvokeCommand({ FunctionName: 'f' }))
      .then(() => 'ok')
      .catch((error: Error) => error.name);
    client.destroy();

    // Assess
    expect(answer).toBe(outcome);
  });
});

describe('addPermission', () => {
  it.each([
    ['a statement that exists', {}, 'ResourceConflictException'],
    ['a function that does not', { target: { name: 'g', qualifier: undefined } }, 'ResourceNotFoundException'],
    ['a version that does not', { target: { name: 'f', qualifier: '7' } }, 'ResourceNotFoundException'],
    ['what is unpublished', { target: { name: 'f', qualifier: '$LATEST' } }, 'InvalidParameterValueException'],
    ['what is no principal', { statementId: 't', principal: 'me' }, 'InvalidParameterValueException'],
  ])('refuses %s', (_case, permission, code) => {
    permit({});
    expect(() => permit(permission)).toThrow(expect.objectContaining({ code }));
  });

  it('writes the policy as AWS does', () => {
    permit({ sourceArn: RULE, sourceAccount: account.accountId });
    expect(stage.lambda.resourcePolicyOf?.(ARN)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 's',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Resource: ARN,
          Condition: {
            ArnLike: { 'AWS:SourceArn': RULE },
            StringEquals: { 'AWS:SourceAccount': account.accountId },
          },
        },
      ],
    });
  });
});
