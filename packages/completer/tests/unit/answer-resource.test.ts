import { encodeRefusedMessage, encodeUnneededMessage } from '@sfn-redshift/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { TestDrain } from '../helpers/drain.ts';
import { CANARIES, eventOf, ITEM, KEY, NOW, recordOf, STATEMENT_ID, STATEMENT_NAME } from '../helpers/fixtures.ts';
import { CLAIM_OF_RESOURCE, ECHO, givenUp, RESOURCE, RESPONSE_URL } from '../helpers/resource-items.ts';

let drain: TestDrain;

beforeEach(() => {
  drain = new TestDrain();
});

const settle = (content: unknown) => drain.retried(recordOf(content));
const bodies = () => drain.responses.map(({ body }) => body);

describe('the end of a statement of a resource', () => {
  beforeEach(() => {
    drain.table.seed({ ...ITEM, callback: RESOURCE });
  });

  const end = (state: string) => settle(eventOf(state));

  it('FINISHED answers with what the statement has told, and closes its item', async () => {
    expect(await end('FINISHED')).toEqual([]);

    expect(drain.responses).toEqual([
      {
        url: RESPONSE_URL,
        body: {
          Status: 'SUCCESS',
          Data: {
            statementId: STATEMENT_ID,
            statementName: STATEMENT_NAME,
            state: 'FINISHED',
            rows: 3,
            redshiftQueryId: 42,
            time: '2026-11-26T07:59:59Z',
          },
          PhysicalResourceId: RESOURCE.physicalResourceId,
          ...ECHO,
        },
      },
    ]);
    expect(drain.calls).toEqual(['GetItem', 'PUT', 'UpdateItem']);
    expect(drain.table.stored(KEY)).toMatchObject({ status: 'closed', outcome: 'FINISHED', delivered: true });
    expect(drain.telemetry.counts).toEqual(['CallbackDelivered']);
  });

  it("FAILED answers with Redshift's reason, and the id of what is not there", async () => {
    drain.errorText = () => Promise.resolve("ERROR: no password 'x' here");
    await end('FAILED');

    expect(bodies()).toEqual([
      {
        Status: 'FAILED',
        Reason: `FAILED: ERROR: no password '***' here (statement ${STATEMENT_ID})`,
        PhysicalResourceId: 'sfn-redshift:Schema:not-created',
        ...ECHO,
      },
    ]);
  });

  it('without a reason says so', async () => {
    await end('FAILED');
    expect(bodies()[0]).toMatchObject({ Reason: expect.stringContaining("Redshift's error text could not be read") });
  });

  it('ABORTED because it ran too long says that', async () => {
    drain.table.seed({ ...ITEM, callback: RESOURCE, cancelCause: 'maxRuntimeSeconds', maxRuntimeSeconds: 60 });
    await end('ABORTED');
    expect(bodies()[0]).toMatchObject({
      Reason: expect.stringContaining(
        'ABORTED: The statement was cancelled because it ran longer than maxRuntimeSeconds (60).',
      ),
    });
  });

  it('waits where the reason cannot be read yet', async () => {
    drain.errorText = () => Promise.reject(new Error('later'));
    expect(await end('FAILED')).toEqual([]);
    expect(drain.deferred).toHaveLength(1);
    expect(bodies()).toEqual([]);
  });

  it('is not lost where the answer is not taken', async () => {
    drain.respond = () => Promise.reject(new Error(`503 ${RESPONSE_URL}`));
    expect(await end('FINISHED')).toEqual(['m1']);
    expect(drain.table.stored(KEY)).toMatchObject({ status: 'submitted' });
    expect(drain.log).not.toContain('amazonaws');
  });

  it('is acknowledged where the URL is of no use any more, and logged without it', async () => {
    drain.respond = () => Promise.resolve({ type: 'gone', reason: 'status 403' });
    expect(await end('FINISHED')).toEqual([]);
    expect(drain.table.stored(KEY)).toMatchObject({ status: 'closed', delivered: false });
    expect(drain.telemetry.counts).toEqual(['CallbackUndeliverable']);
    expect(drain.log).toContain('status 403');
    expect(drain.log).not.toContain('amazonaws');
  });

  it.each(['FINISHED', 'FAILED'])('%s fits into 4,096 bytes, whatever is told', async (state) => {
    const long = {
      ...RESOURCE,
      stackId: 'a'.repeat(512),
      physicalResourceId: 'ä'.repeat(512),
      logicalResourceId: 'b'.repeat(255),
    };
    const { failedResourceId: _failed, ...callback } = long;
    drain.table.seed({ ...ITEM, callback });
    drain.errorText = () => Promise.resolve('"\u{1f4a5}'.repeat(2_000));
    await settle(eventOf(state, { redshiftQueryId: 42 }));

    const text = JSON.stringify(bodies()[0]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_096);
    expect(bodies()[0]).toMatchObject({ Status: state === 'FAILED' ? 'FAILED' : 'SUCCESS' });
  });
});

describe('a request of which nothing is to be closed', () => {
  it('that was refused is answered FAILED, with a short reason', async () => {
    const refused = {
      callback: RESOURCE,
      error: 'InvalidRequest',
      cause: 'x'.repeat(50_000),
      time: '2026-11-26T08:00:00Z',
    };
    expect(await settle(encodeRefusedMessage(refused))).toEqual([]);

    expect(bodies()[0]).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'sfn-redshift:Schema:not-created' });
    expect(String(bodies()[0]?.['Reason'])).toMatch(/^InvalidRequest: x{900,1024}…?$/);
    expect(drain.telemetry.counts).toEqual(['CallbackDelivered']);
  });

  it('whose end nobody knows is answered with the id of what may be there', async () => {
    const refused = { callback: RESOURCE, error: 'StatementUnknown', cause: 'x', time: '2026-11-26T08:00:00Z' };
    await settle(encodeRefusedMessage(refused));
    expect(bodies()[0]).toMatchObject({ Status: 'FAILED', PhysicalResourceId: RESOURCE.physicalResourceId });
  });

  it('that needs no statement is answered SUCCESS, with each attribute that a stack may read', async () => {
    await settle(encodeUnneededMessage(RESOURCE));
    const Data = { statementId: '', statementName: '', state: '', rows: '', redshiftQueryId: '', time: '' };
    expect(bodies()).toEqual([{ Status: 'SUCCESS', Data, PhysicalResourceId: RESOURCE.physicalResourceId, ...ECHO }]);
  });

  it('nobody waits for is counted', async () => {
    drain.respond = () => Promise.resolve({ type: 'gone', reason: 'status 404' });
    expect(await settle(encodeUnneededMessage(RESOURCE))).toEqual([]);
    expect(drain.telemetry.counts).toEqual(['CallbackUndeliverable']);
  });
});

describe('an invocation that Lambda has given up', () => {
  it('is none of ours where it is not of CloudFormation', async () => {
    expect(await settle(givenUp({ sqlStatement: CANARIES.shortSql, taskToken: CANARIES.taskToken }))).toEqual([]);
    expect(drain.calls).toEqual([]);
    expect(drain.log).not.toContain('canary');
  });

  it('that can be answered by nobody is malformed', async () => {
    expect(await settle(givenUp({ RequestType: 'Create' }))).toEqual([]);
    expect(drain.telemetry.counts).toEqual(['MessageMalformed']);
  });

  it('and has claimed nothing is answered FAILED, with the last error', async () => {
    await settle(givenUp());
    expect(bodies()).toEqual([
      {
        Status: 'FAILED',
        Reason: 'ThrottlingException: Rate exceeded',
        PhysicalResourceId: 'sfn-redshift:Schema:not-created',
        ...ECHO,
      },
    ]);
  });

  it('and could not tell that it was refused is answered FAILED', async () => {
    drain.table.seed({ ...CLAIM_OF_RESOURCE, status: 'closed', outcome: 'REFUSED', delivered: false });
    await settle(givenUp());
    expect(bodies()[0]).toMatchObject({ Status: 'FAILED' });
  });

  it('and could not tell that nothing is to be run is answered SUCCESS', async () => {
    drain.table.seed({ ...CLAIM_OF_RESOURCE, status: 'closed', outcome: 'FINISHED', delivered: false });
    await settle(givenUp());
    expect(bodies()[0]).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: RESOURCE.physicalResourceId });
  });

  it.each([
    ['runs', { status: 'submitted', statementId: STATEMENT_ID }],
    ['is being cancelled', { status: 'cancelling', statementId: STATEMENT_ID }],
    ['has ended', { status: 'closed', outcome: 'FINISHED', statementId: STATEMENT_ID, delivered: true }],
    ['is known no more', { status: 'closed', outcome: 'UNKNOWN', delivered: true }],
  ] as const)('and whose statement %s is left to that', async (_, changes) => {
    drain.table.seed({ ...CLAIM_OF_RESOURCE, ...changes });
    expect(await settle(givenUp())).toEqual([]);
    expect(drain.calls).toEqual(['GetItem']);
  });

  it('and may have started a statement is left to the sweep, which is told why', async () => {
    drain.table.seed(CLAIM_OF_RESOURCE);
    await settle(givenUp(undefined, { responsePayload: undefined }));
    expect(bodies()).toEqual([]);
    expect(drain.table.all()).toMatchObject([
      { status: 'starting', givenUp: 'RetriesExhausted: the invoker could not be reached' },
    ]);
  });

  it('is looked at again where its item has changed', async () => {
    drain.table.seed(CLAIM_OF_RESOURCE);
    drain.table.beforeMark = () => drain.table.seed({ ...CLAIM_OF_RESOURCE, generation: 2 });
    await settle(givenUp());
    expect(drain.deferred).toMatchObject([{ seconds: 2 }]);
    expect(NOW).toBe(drain.time);
  });
});
