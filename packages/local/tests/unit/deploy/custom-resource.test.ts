import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StackEvent } from '../../../src/deploy/stack.ts';
import { type CustomEvent, CustomHandler, failure, success, TOKEN } from '../../helpers/custom-handler.ts';
import { eventsOf, type RunningStacks, startStacks } from '../../helpers/stacks.ts';

let running: RunningStacks;
let handler: CustomHandler;

beforeEach(async () => {
  running = await startStacks();
  handler = new CustomHandler(running.gateway);
});

afterEach(async () => {
  await running.close();
});

const custom = (properties: object = {}, more: object = {}) => ({
  Type: 'Custom::Thing',
  Properties: { ServiceToken: TOKEN, ...properties },
  ...more,
});
const group = (name: unknown) => ({ Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: name } });
/** Fails when it is made. */
const broken = { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: 'nowhere' } };

const deploy = (Resources: object, more: object = {}) => running.deploy({ Stack: { Resources, ...more } });

const short = ({ RequestType, PhysicalResourceId, ResourceProperties, OldResourceProperties }: CustomEvent) => [
  RequestType,
  PhysicalResourceId,
  ResourceProperties.Size,
  OldResourceProperties?.Size,
];

/** The latest event of a kind. */
const lastOf = (status: string): StackEvent | undefined =>
  running.stack().events.findLast((event) => event.status === status);

const isCreate = ({ RequestType }: CustomEvent) => RequestType === 'Create';

describe('a custom resource', () => {
  it('is sent what CloudFormation sends, scalars as texts', async () => {
    await deploy({ Thing: custom({ Size: 5, Deep: { IsOn: true, List: [1, 'a'] } }) });
    const [event] = handler.events;
    expect(event).toEqual({
      RequestType: 'Create',
      RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      StackId: expect.stringMatching(/^arn:aws:cloudformation:eu-central-1:123456789012:stack\/Stack\/[0-9a-f-]{36}$/),
      ResponseURL: expect.any(String),
      ResourceType: 'Custom::Thing',
      LogicalResourceId: 'Thing',
      ServiceToken: TOKEN,
      ResourceProperties: { ServiceToken: TOKEN, Size: '5', Deep: { IsOn: 'true', List: ['1', 'a'] } },
    });
    expect(running.stack()).toMatchObject({ status: 'CREATE_COMPLETE', resources: { Thing: 'made' } });
  });

  it('gets a response URL of the real form, which is nowhere logged', async () => {
    await deploy({ Thing: custom() });
    const [{ ResponseURL, RequestId, StackId } = { ResponseURL: '' }] = handler.events;
    const url = new URL(ResponseURL);
    expect(url.origin).toBe('https://cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com');
    expect(url.pathname).toBe(`/${encodeURIComponent(`${StackId}|Thing|${RequestId}`)}`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Expires': '7200',
      'X-Amz-Credential': expect.stringMatching(/^ASIA[0-9A-F]{16}\/\d{8}\/eu-central-1\/s3\/aws4_request$/),
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(running.lines.join()).not.toContain(url.searchParams.get('X-Amz-Signature'));
    expect(running.lines.join()).not.toContain('X-Amz');
  });

  it('gives what it answers to Ref, Fn::GetAtt and outputs, scalars as texts', async () => {
    handler.answering = () => success('id-1', { Data: { Name: 'told', Count: 3 } });
    const Outputs = { Count: { Value: { 'Fn::GetAtt': 'Thing.Count' } }, Id: { Value: { Ref: 'Thing' } } };
    await deploy({ Thing: custom(), Logs: group({ 'Fn::GetAtt': ['Thing', 'Name'] }) }, { Outputs });
    expect(running.stack()).toMatchObject({ resources: { Logs: 'told' }, outputs: { Count: '3', Id: 'id-1' } });
  });

  it('fails who asks for what it did not tell', async () => {
    await expect(deploy({ Thing: custom(), Logs: group({ 'Fn::GetAtt': 'Thing.Name' }) })).rejects.toThrow(
      'Stack/Logs (AWS::Logs::LogGroup): property LogGroupName: attribute Thing.Name is not supported',
    );
  });

  it('is asked to update with old and new properties, and not when nothing has changed', async () => {
    await deploy({ Thing: custom({ Size: 1 }) });
    await deploy({ Thing: custom({ Size: 2 }) });
    await deploy({ Thing: custom({ Size: 2 }), Logs: group('more') });
    expect(handler.events.map(short)).toEqual([
      ['Create', undefined, '1', undefined],
      ['Update', 'made', '2', '1'],
    ]);
  });

  it('is replaced when an update answers with another id: the old one gets its Delete in the cleanup', async () => {
    handler.answering = ({ ResourceProperties: { Size } }) => success(`thing-${String(Size)}`);
    await deploy({ Thing: custom({ Size: 1 }) });
    await deploy({ Thing: custom({ Size: 2 }) });
    expect(handler.events.map(short).slice(1)).toEqual([
      ['Update', 'thing-1', '2', '1'],
      ['Delete', 'thing-1', '1', undefined],
    ]);
    expect(running.stack().resources.Thing).toBe('thing-2');
  });

  it('keeps the stack updated when the Delete of the replaced one fails', async () => {
    handler.answering = ({ RequestType, ResourceProperties: { Size } }) =>
      RequestType === 'Delete' ? failure('thing-1') : success(`thing-${String(Size)}`);
    await deploy({ Thing: custom({ Size: 1 }) });
    await deploy({ Thing: custom({ Size: 2 }) });
    expect(running.stack()).toMatchObject({ status: 'UPDATE_COMPLETE', resources: { Thing: 'thing-2' } });
    expect(lastOf('DELETE_FAILED')?.physicalId).toBe('thing-1');
  });

  it('gets its Delete before what it needs is deleted', async () => {
    await deploy({ Thing: custom({ Size: { Ref: 'Logs' } }), Logs: group('needed') });
    await running.stacks.delete('Stack');
    expect(handler.events.map(short).at(-1)).toEqual(['Delete', 'made', 'needed', undefined]);
    expect(running.stacks.all).toEqual({});
    expect(running.parts.logs.hasLogGroup('needed')).toBe(false);
  });

  it('blocks the deletion of its stack, and of what it needs, when its Delete fails', async () => {
    handler.answering = ({ RequestType }) => (RequestType === 'Delete' ? failure('made') : success('made'));
    await deploy({ Thing: custom({ Size: { Ref: 'Logs' } }), Logs: group('needed'), Other: group('other') });
    await expect(running.stacks.delete('Stack')).rejects.toThrow(
      'Stack: The following resource(s) failed to delete: [Logs, Thing].',
    );
    expect(running.stack()).toMatchObject({ status: 'DELETE_FAILED', resources: { Thing: 'made', Logs: 'needed' } });
    handler.answering = () => success('made');
    await running.stacks.delete('Stack');
    expect(running.stacks.all).toEqual({});
  });

  it('is not deleted when its policy is to retain it', async () => {
    await deploy({ Thing: custom({}, { DeletionPolicy: 'Retain' }) });
    await running.stacks.delete('Stack');
    expect(handler.events.map(({ RequestType }) => RequestType)).toEqual(['Create']);
  });
});

describe('a custom resource that fails', () => {
  it('fails the stack with its Reason, and is deleted with the id that it answered', async () => {
    handler.answering = ({ RequestType }) => (RequestType === 'Create' ? failure('half', 'no room') : success('half'));
    await expect(deploy({ Thing: custom() })).rejects.toThrow(
      /^Stack\/Thing \(Custom::Thing\): Received response status \[FAILED\] from custom resource\. Message returned: no room \(RequestId: [0-9a-f-]{36}\)$/,
    );
    expect(handler.events.map(short).at(-1)).toEqual(['Delete', 'half', undefined, undefined]);
    expect(running.stack().status).toBe('ROLLBACK_COMPLETE');
  });

  it('gets a second Update with the properties swapped when its Update fails', async () => {
    await deploy({ Thing: custom({ Size: 1 }) });
    handler.answering = ({ ResourceProperties: { Size } }) => (Size === '2' ? failure('made') : success('made'));
    await expect(deploy({ Thing: custom({ Size: 2 }) })).rejects.toThrow('no luck');
    expect(handler.events.map(short).slice(1)).toEqual([
      ['Update', 'made', '2', '1'],
      ['Update', 'made', '1', '2'],
    ]);
    expect(running.stack().status).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('goes back from an update when another resource fails, and its new id is deleted', async () => {
    handler.answering = ({ ResourceProperties: { Size } }) => success(`thing-${String(Size)}`);
    await deploy({ Thing: custom({ Size: 1 }) });
    await expect(deploy({ Thing: custom({ Size: 2 }), Broken: { ...broken, DependsOn: 'Thing' } })).rejects.toThrow(
      'nowhere',
    );
    expect(handler.events.map(short).slice(1)).toEqual([
      ['Update', 'thing-1', '2', '1'],
      ['Update', 'thing-2', '1', '2'],
      ['Delete', 'thing-2', '2', undefined],
    ]);
    expect(running.stack().resources.Thing).toBe('thing-1');
  });

  it('leaves the stack in UPDATE_ROLLBACK_FAILED when it cannot go back either', async () => {
    await deploy({ Thing: custom({ Size: 1 }) });
    handler.answering = () => failure('made');
    await expect(deploy({ Thing: custom({ Size: 2 }) })).rejects.toThrow('no luck');
    expect(running.stack().status).toBe('UPDATE_ROLLBACK_FAILED');
    await expect(deploy({ Thing: custom({ Size: 3 }) })).rejects.toThrow(
      'Stack: is in UPDATE_ROLLBACK_FAILED state and can not be updated',
    );
  });

  it('gets a Delete with an invented id when another resource fails while its Create is pending', async () => {
    // Needs a custom resource of its own, so that it fails after the other has been asked.
    const Broken = { ...broken, DependsOn: 'Quick' };
    handler.answering = ({ RequestType, LogicalResourceId, PhysicalResourceId = LogicalResourceId }) =>
      RequestType === 'Create' && LogicalResourceId === 'Slow' ? undefined : success(PhysicalResourceId);
    await expect(deploy({ Slow: custom(), Quick: custom(), Broken })).rejects.toThrow('nowhere');
    const deleted = handler.events.find(
      (event) => event.RequestType === 'Delete' && event.LogicalResourceId === 'Slow',
    );
    expect(deleted?.PhysicalResourceId).toMatch(/^Stack-Slow-[0-9A-F]{12}$/);
    expect(
      running.stack().events.find(({ logicalId, status }) => logicalId === 'Slow' && status === 'CREATE_FAILED'),
    ).toMatchObject({
      reason: 'Resource creation cancelled',
    });
  });

  it('fails when no answer comes within ServiceTimeout of the stage clock', async () => {
    handler.answering = ({ RequestType }) => (RequestType === 'Create' ? undefined : success('x'));
    const deployed = deploy({ Thing: custom({ ServiceTimeout: '90' }) });
    const rejected = expect(deployed).rejects.toThrow(
      'CloudFormation did not receive a response from your Custom Resource',
    );
    await handler.seen(isCreate);
    running.clock.advance(89_000);
    expect(running.stack().status).toBe('CREATE_IN_PROGRESS');
    running.clock.advance(1_000);
    await rejected;
    expect(handler.events.at(-1)?.PhysicalResourceId).toMatch(/^Stack-Thing-/);
  });

  it('waits for an hour unless ServiceTimeout says otherwise', async () => {
    handler.answering = ({ RequestType }) => (RequestType === 'Create' ? undefined : success('x'));
    const rejected = expect(deploy({ Thing: custom() })).rejects.toThrow('did not receive a response');
    await handler.seen(isCreate);
    running.clock.advance(3_599_000);
    expect(running.stack().status).toBe('CREATE_IN_PROGRESS');
    running.clock.advance(1_000);
    await rejected;
  });

  it('fails at once, without a Delete, when its function cannot be invoked', async () => {
    const ServiceToken = TOKEN.replace('handler', 'nobody');
    await expect(deploy({ Thing: custom({ ServiceToken }) })).rejects.toThrow('Stack/Thing (Custom::Thing)');
    expect(handler.events).toEqual([]);
    expect(eventsOf(running.stack()).at(-1)).toBe('Stack ROLLBACK_COMPLETE');
  });
});

describe('an answer of a custom resource', () => {
  /** The reason for which a creation fails that is answered like this. */
  const reasonOf = async (answer: object): Promise<string> => {
    handler.answering = ({ RequestType }) =>
      RequestType === 'Create' ? (answer as Record<string, unknown>) : success('made');
    await expect(deploy({ Thing: custom() })).rejects.toThrow('Stack/Thing');
    return lastOf('CREATE_FAILED')?.reason ?? '';
  };

  it('may have 4,096 bytes', async () => {
    handler.answering = ({ RequestId, StackId, LogicalResourceId }) => {
      const bare = JSON.stringify({
        RequestId,
        StackId,
        LogicalResourceId,
        ...success('made', { Data: { Fill: '' } }),
      });
      return success('made', { Data: { Fill: 'x'.repeat(4096 - bare.length) } });
    };
    await deploy({ Thing: custom() });
    expect(running.stack().status).toBe('CREATE_COMPLETE');
  });

  it.each([
    ['that is too long', success('made', { Data: { Fill: 'x'.repeat(4000) } }), 'Response object is too long.'],
    ['without an id', { Status: 'SUCCESS' }, 'Invalid PhysicalResourceId'],
    ['with an empty id', success(''), 'Invalid PhysicalResourceId'],
    ['with an id of more than 1 KB', success('é'.repeat(513)), 'Invalid PhysicalResourceId'],
    ['with another RequestId', success('made', { RequestId: 'other' }), 'RequestId is not that of the request'],
    ['with another StackId', success('made', { StackId: 'other' }), 'StackId is not that of the request'],
    ['with another LogicalResourceId', success('made', { LogicalResourceId: 'x' }), 'LogicalResourceId is not that'],
    ['with an unknown status', { ...success('made'), Status: 'DONE' }, 'Status must be SUCCESS or FAILED'],
    ['of a failure without a reason', failure('made', ''), 'a Reason is required'],
    ['with data that are no object', success('made', { Data: 'text' }), 'Data must be an object'],
  ])('%s fails the resource', async (_, answer, reason) => {
    expect(await reasonOf(answer)).toContain(reason);
  });

  it('that is not JSON fails the resource', async () => {
    handler.answering = ({ RequestType }) => (RequestType === 'Create' ? undefined : success('made'));
    const rejected = expect(deploy({ Thing: custom() })).rejects.toThrow('it is not JSON');
    const { ResponseURL } = await handler.seen(isCreate);
    await handler.put(ResponseURL, 'SUCCESS');
    await rejected;
  });

  it('counts once: later ones are taken, logged and ignored', async () => {
    await deploy({ Thing: custom() });
    const [event] = handler.events as [CustomEvent];
    expect(await handler.answer(event, failure('other'))).toBe(200);
    expect(running.stack()).toMatchObject({ status: 'CREATE_COMPLETE', resources: { Thing: 'made' } });
    expect(running.lines.join()).toContain('came too late, or twice');
  });

  describe('is refused with 403', () => {
    /** What becomes of a request with the URL changed like this, while the answer is still waited for. */
    const statusOf = async (change: (url: URL) => void, { method = 'PUT', later = 0 } = {}): Promise<number> => {
      handler.answering = ({ RequestType }) => (RequestType === 'Create' ? undefined : success('made'));
      const deployed = deploy({ Thing: custom() }).catch(() => undefined);
      const event = await handler.seen(isCreate);
      running.clock.advance(later);
      const url = new URL(event.ResponseURL);
      change(url);
      const status = await handler.put(url.href, JSON.stringify({}), method);
      await handler.answer(event, success('made'));
      await deployed;
      return status;
    };

    it('when the signature is another', async () => {
      expect(await statusOf((url) => url.searchParams.set('X-Amz-Signature', '0'.repeat(64)))).toBe(403);
    });

    it('when there is no signature', async () => {
      expect(await statusOf((url) => (url.search = ''))).toBe(403);
    });

    it('when nobody has asked for it', async () => {
      expect(await statusOf((url) => (url.pathname += '0'))).toBe(403);
    });

    it('when it is no PUT', async () => {
      expect(await statusOf(() => undefined, { method: 'GET' })).toBe(403);
    });

    it('after two hours', async () => {
      expect(await statusOf(() => undefined, { later: 7_200_000 })).toBe(403);
    });
  });
});

describe('a template with custom resources', () => {
  it('is checked as far as it can be before anything is made', async () => {
    const Jobs = {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: { 'Fn::GetAtt': 'Thing.Name' }, VisibilityTimeout: 'soon', Colour: 'red' },
    };
    await expect(deploy({ Thing: custom(), Jobs })).rejects.toThrow(
      'Stack/Jobs (AWS::SQS::Queue): property VisibilityTimeout must be an integer from 0 to 43200, got soon\n' +
        'Stack/Jobs (AWS::SQS::Queue): property Colour is not supported',
    );
    expect(handler.events).toEqual([]);
  });

  it('fails, rolled back, when what a custom resource tells is not accepted', async () => {
    handler.answering = () => success('made', { Data: { Seconds: 'soon' } });
    const Jobs = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: { 'Fn::GetAtt': 'Thing.Seconds' } } };
    await expect(deploy({ Thing: custom(), Jobs })).rejects.toThrow('VisibilityTimeout must be an integer');
    expect(handler.events.map(({ RequestType }) => RequestType)).toEqual(['Create', 'Delete']);
  });

  it('may hand on what it learns to another stack', async () => {
    handler.answering = () => success('made', { Data: { Name: 'shared' } });
    const Outputs = { Name: { Value: { 'Fn::GetAtt': 'Thing.Name' }, Export: { Name: 'name' } } };
    const importing = { Resources: { Logs: group({ 'Fn::ImportValue': 'name' }) } };
    await running.deploy({ One: { Resources: { Thing: custom() }, Outputs }, Two: importing });
    expect(running.stack('Two').resources.Logs).toBe('shared');
  });

  it.each([
    [
      'an SNS topic as ServiceToken',
      custom({ ServiceToken: 'arn:aws:sns:us-east-1:1:t' }),
      'is supported as the ARN of a Lambda function only',
    ],
    ['no ServiceToken', { Type: 'Custom::Thing' }, 'property ServiceToken is required'],
    ['a ServiceTimeout of more than an hour', custom({ ServiceTimeout: 3601 }), 'must be an integer from 1 to 3600'],
    ['a type whose name is not allowed', { ...custom(), Type: 'Custom::A.B' }, 'invalid name'],
  ])('is refused for %s', async (_, Thing, reason) => {
    await expect(deploy({ Thing })).rejects.toThrow(reason);
  });

  it('is refused for a ServiceToken that changes', async () => {
    await deploy({ Thing: custom() });
    await expect(deploy({ Thing: custom({ ServiceToken: `${TOKEN}2` }) })).rejects.toThrow(
      'Modifying service token is not allowed.',
    );
  });
});
