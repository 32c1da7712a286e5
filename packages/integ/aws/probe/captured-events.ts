import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  ExecuteStatementCommand,
} from '@aws-sdk/client-redshift-data';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { ENDLESS } from '../real-surroundings.ts';
import type { ProbeGround } from './probe-ground.ts';

/** Names of this length are tried: what the tasker uses at most, and the most that the Data API takes. */
export const NAME_LENGTHS = [500, 2048] as const;
/** Statements that do nothing but end, to see how many events never come. */
const MORE = 30;
const LONGEST_WAIT_MS = 5 * 60_000;

/** An event as EventBridge delivered it. */
export interface CapturedEvent {
  readonly account: string;
  readonly detail: { readonly statementId: string; readonly statementName?: string; readonly principal: string };
}

export interface Captured {
  /** Ids of the statements that were started with an event, by what became of them. */
  readonly started: ReadonlyMap<string, string>;
  /** By what became of the statement. */
  readonly events: ReadonlyMap<string, CapturedEvent>;
  readonly waitedMs: number;
}

/** Starts statements that end in all ways, and waits for their events. */
export const captureEvents = async (on: ProbeGround): Promise<Captured> => {
  const startedAt = on.now();
  const started = await startAll(on);
  const events = new Map<string, CapturedEvent>();
  const nameOf = new Map([...started].map(([name, id]) => [id, name]));
  while (events.size < started.size && on.now() - startedAt < LONGEST_WAIT_MS) {
    for (const event of await receive(on)) {
      const name = nameOf.get(event.detail.statementId);
      if (name !== undefined) events.set(name, event);
    }
    if (events.size < started.size) await on.sleep(1_000);
  }
  return { started, events, waitedMs: on.now() - startedAt };
};

const startAll = async (on: ProbeGround): Promise<ReadonlyMap<string, string>> => {
  const started = new Map<string, string>();
  const execute = async (name: string, Sql: string, StatementName?: string) => {
    const command = new ExecuteStatementCommand({ ...connection(on), Sql, StatementName, WithEvent: true });
    started.set(name, (await on.dataApi.send(command)).Id ?? '');
  };
  await execute('finished', 'select 1', 'probe-finished');
  await execute('failed', 'select nothing from nowhere', 'probe-failed');
  await execute('unnamed', 'select 1');
  for (const length of NAME_LENGTHS) await execute(`named-${length}`, 'select 1', 'n'.repeat(length));
  await execute('aborted', ENDLESS, 'probe-aborted');
  await on.sleep(5_000);
  await on.dataApi.send(new CancelStatementCommand({ Id: started.get('aborted') }));
  const batch = { ...connection(on), Sqls: ['select 1', 'select 2'], StatementName: 'probe-batch', WithEvent: true };
  started.set('batch', (await on.dataApi.send(new BatchExecuteStatementCommand(batch))).Id ?? '');
  for (let n = 1; n <= MORE; n += 1) await execute(`more-${n}`, 'select 1', `probe-more-${n}`);
  return started;
};

const connection = ({ target }: ProbeGround) =>
  target.kind === 'cluster'
    ? { ClusterIdentifier: target.clusterIdentifier, Database: target.database, DbUser: target.dbUser }
    : { WorkgroupName: target.workgroupName, Database: target.database };

const receive = async ({ sqs, outputs }: ProbeGround): Promise<readonly CapturedEvent[]> => {
  const QueueUrl = outputs.OutEvents;
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
  );
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ Body = '{}' }) => JSON.parse(Body) as CapturedEvent);
};

/** As a fixture: without the account, and who in it started the statement. */
export const anonymous = (event: CapturedEvent): CapturedEvent => {
  const principal = event.detail.principal.replace(/[^/]+(\/[^/]+)?$/, (_all, session?: string) =>
    session === undefined ? 'probe' : 'probe/probe',
  );
  const text = JSON.stringify({ ...event, detail: { ...event.detail, principal } });
  return JSON.parse(text.replaceAll(event.account, '123456789012')) as CapturedEvent;
};
