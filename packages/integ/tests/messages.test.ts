import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlState } from '../scenarios/sql-state.ts';
import { counted, drainLines } from './helpers/drain-log.ts';
import { eventually, run } from './helpers/execution.ts';
import { startTestStage, type TestStage, WITHOUT_SWEEP } from './helpers/test-stage.ts';

const SECRET = 'AAAAcanaryTOKENthatMustNotBeLogged0123456789abcdefghijklmnop';

describe('what can never succeed is counted, logged and acknowledged', () => {
  let test: TestStage;
  let event: Record<string, unknown> & { detail: Record<string, unknown> };

  beforeAll(async () => {
    test = await startTestStage(
      {
        SelectOne: (scope, tasker) =>
          sqlState(scope, 'RunSelectOne', tasker, { sql: 'select 1', resultPath: JsonPath.entirePayload }),
      },
      WITHOUT_SWEEP,
    );
    const { output } = await run(test.sfn, test.outputs.SelectOneArn);
    event = JSON.parse(output ?? '{}') as typeof event;
  });

  afterAll(() => test?.close());

  const send = (body: string) =>
    test.sqs.send(new SendMessageCommand({ QueueUrl: test.outputs.QueueUrl, MessageBody: body }));

  const queued = async (QueueUrl: string | undefined) => {
    const { Attributes = {} } = await test.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    return (
      Number(Attributes.ApproximateNumberOfMessages) +
      Number(Attributes.ApproximateNumberOfMessagesNotVisible) +
      Number(Attributes.ApproximateNumberOfMessagesDelayed)
    );
  };

  const renamed = (statementName: string) => JSON.stringify({ ...event, detail: { ...event.detail, statementName } });

  const cases: readonly (readonly [title: string, metric: string, body: () => string])[] = [
    ['text that is not JSON', 'MessageMalformed', () => `{"taskToken":"${SECRET}"`],
    ['an event without a detail', 'MessageMalformed', () => JSON.stringify({ ...event, detail: undefined, x: SECRET })],
    ["another tasker's event", 'MessageForeign', () => renamed(`other-tasker/${'0'.repeat(32)}/${SECRET}`)],
    [
      'an event without its item',
      'MessageUnknownItem',
      () => renamed(`${prefix()}${'0'.repeat(32)}/arn:aws:states:::nobody`),
    ],
    ['an event that came before', 'MessageDuplicate', () => JSON.stringify(event)],
  ];

  const prefix = () => `${String(event.detail.statementName).split('/')[0]}/`;

  it.each(cases)('%s: %s, and gone from the queue', async (_title, metric, body) => {
    const before = await counted(test, metric);

    await send(body());

    await eventually(async () => ((await counted(test, metric)) > before ? true : undefined));
    await eventually(async () => ((await queued(test.outputs.QueueUrl)) === 0 ? true : undefined));
    expect(await counted(test, metric)).toBe(before + 1);
    expect(await queued(test.outputs.DeadLetterQueueUrl)).toBe(0);
  });

  it('none of it disturbs the statements beside it', async () => {
    const poison = cases.map(([, , body]) => send(body()));

    const [execution] = await Promise.all([run(test.sfn, test.outputs.SelectOneArn), ...poison]);

    expect(execution.status).toBe('SUCCEEDED');
    await eventually(async () => ((await queued(test.outputs.QueueUrl)) === 0 ? true : undefined));
  });

  it('logs no token, no SQL and no message', async () => {
    const text = (await drainLines(test)).join('\n');

    expect(text).not.toContain(SECRET);
    expect(text).not.toContain('select 1');
    expect(text).toContain('MessageMalformed');
  });
});
