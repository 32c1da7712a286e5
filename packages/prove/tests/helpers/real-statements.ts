import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  ListSessionsCommand,
  ListStatementsCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { parseStatementEvent, type StatementEvent } from '@sfn-redshift/shared';
import { vi } from 'vitest';
import type { RealStage } from './real-stage.ts';
import { outcomeOf } from './refusal.ts';
import { roleArnOf } from './stage-template.ts';
import { MINUTE_MS, Words } from './statement-account.ts';
import type { Role, StatementStep } from './statement-cases.ts';

/** A session knows where it is. */
const IN_SESSION = { WithEvent: true };
const TARGET = { ClusterIdentifier: 'c1', Database: 'dev', DbUser: 'etl', WithEvent: true };

/** How long the stage may take for what it does after its answer; milliseconds. */
const PATIENCE = { timeout: 5_000, interval: 2 };

/** Far less than the cases' minutes, but more than a statement needs to start. */
const MARGIN_MS = 1_000;

/** Carries cases out on the stage. */
export class RealStatements {
  readonly #real: RealStage;
  readonly #sts: STSClient;
  readonly #sqs: SQSClient;
  /** Of sessions that have not expired. */
  readonly #clients = new Map<Role, Promise<RedshiftDataClient>>();
  /** When the scripts of those that run end. */
  readonly #ends = new Map<string, number>();
  readonly #events: StatementEvent[] = [];
  #started = 0;

  constructor(real: RealStage) {
    this.#real = real;
    this.#sts = new STSClient(real.client);
    this.#sqs = new SQSClient(real.client);
  }

  /** What came of each step. */
  async run(prefix: string, steps: readonly StatementStep[]): Promise<readonly unknown[]> {
    const words = new Words(prefix, this.#real.stage.clock.now());
    const outcomes: unknown[] = [];
    for (const step of steps) outcomes.push(await this.#perform(step, words));
    for (const id of this.#ends.keys()) await this.#cancelQuietly(id);
    return outcomes;
  }

  async close(): Promise<void> {
    await this.#endSessions();
    this.#sts.destroy();
    this.#sqs.destroy();
  }

  #perform(step: StatementStep, words: Words): Promise<unknown> {
    switch (step.do) {
      case 'execute':
        return outcomeOf(() => this.#execute(step, words));
      case 'describe':
        return outcomeOf(() => this.#describe(step, words));
      case 'cancel':
        return outcomeOf(() => this.#cancel(step, words));
      case 'list':
        return outcomeOf(async () => {
          const client = await this.#as(step.as);
          return words.ofList(await client.send(new ListStatementsCommand(words.listed(step))));
        });
      case 'result':
        return outcomeOf(async () => {
          const client = await this.#as(step.as);
          return words.ofPage(await client.send(new GetStatementResultCommand({ Id: words.resultOf(step) })));
        });
      case 'session':
        return outcomeOf(async () => {
          const client = await this.#as(step.as);
          return words.ofSessions(await client.send(new ListSessionsCommand({ SessionId: words.sessionOf(step.of) })));
        });
      case 'event':
        return this.#eventsOf(words.idOf(step.which), words);
      case 'pass':
        return this.#pass(step.minutes * MINUTE_MS);
    }
  }

  async #execute(step: StatementStep & { readonly do: 'execute' }, words: Words) {
    const { clock, redshift } = this.#real.stage;
    const { minutes, end } = step.life ?? { minutes: 0, end: 'FINISHED' };
    const sqls = step.batch ? ['select', 'update'] : ['select'];
    const texts = sqls.map((verb) => `${verb} ${(this.#started += 1)}`);
    const scripts = texts.map((sql, index) => {
      const isLast = index === texts.length - 1;
      const how = isLast ? END[end](words.count + 1, index) : END.FINISHED(0, index);
      return redshift.script({ sql, durationMs: isLast ? minutes * MINUTE_MS : 0, ...how });
    });
    const before = redshift.statements().length;
    try {
      const answer = await this.#send(step, texts, words);
      const { Id = '' } = answer;
      if (redshift.statements().length > before) {
        await this.#reaches(Id, 'STARTED');
        if (step.batch) await this.#reachesLast(Id);
        this.#ends.set(Id, clock.now() + minutes * MINUTE_MS);
      }
      if (minutes === 0) await this.#reaches(Id, 'end');
      return words.ofStart(answer);
    } finally {
      // Later ones of a batch have not begun; nothing else has their texts.
      if (!step.batch) for (const script of scripts) script.remove();
    }
  }

  async #send(step: StatementStep & { readonly do: 'execute' }, sqls: readonly string[], words: Words) {
    const client = await this.#as(step.as);
    const place = step.session?.of === undefined ? TARGET : IN_SESSION;
    const input = { ...place, ...words.started(step) };
    if (!step.batch) return await client.send(new ExecuteStatementCommand({ ...input, Sql: sqls[0] }));
    return await client.send(
      new BatchExecuteStatementCommand({ ...input, Sqls: [...sqls], ExecutionMode: step.batch }),
    );
  }

  /** The clock is helped on while a call waits. */
  async #describe({ as, which, waitSeconds }: StatementStep & { readonly do: 'describe' }, words: Words) {
    const client = await this.#as(as);
    const input = { Id: words.idOf(which), ...(waitSeconds !== undefined && { WaitTimeSeconds: waitSeconds }) };
    let isAnswered = false;
    const answer = client.send(new DescribeStatementCommand(input)).finally(() => (isAnswered = true));
    answer.catch(() => undefined);
    while (waitSeconds !== undefined && !isAnswered) {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE.interval));
      this.#real.stage.clock.advance(MARGIN_MS);
    }
    return words.ofDescription(await answer);
  }

  async #cancel({ as, which }: StatementStep & { readonly do: 'cancel' }, words: Words) {
    const Id = words.idOf(which);
    const client = await this.#as(as);
    const { Status } = await client.send(new CancelStatementCommand({ Id }));
    await this.#reaches(Id, 'end');
    return { Status };
  }

  /** Each statement ends at its own time, not at the end of the leap. */
  async #pass(ms: number): Promise<void> {
    const { clock } = this.#real.stage;
    const target = clock.now() + ms;
    const due = [...this.#ends].filter(([, at]) => at + MARGIN_MS < target).sort(([, a], [, b]) => a - b);
    for (const [id, at] of due) {
      clock.advance(Math.max(0, at + MARGIN_MS - clock.now()));
      await this.#reaches(id, 'end');
    }
    clock.advance(Math.max(0, target - clock.now()));
    await this.#endSessions();
  }

  async #reaches(id: string, wanted: 'STARTED' | 'end'): Promise<void> {
    const { redshift } = this.#real.stage;
    await vi.waitFor(() => {
      const status = redshift.statements().find((statement) => statement.id === id)?.status ?? '';
      const hasEnded = ['FINISHED', 'FAILED', 'ABORTED'].includes(status);
      if (!hasEnded && status !== wanted) throw new Error(`statement ${id} is ${status}`);
    }, PATIENCE);
    if (wanted === 'end') this.#ends.delete(id);
  }

  /** Before that time does not pass for it. */
  async #reachesLast(Id: string): Promise<void> {
    const client = await this.#as();
    await vi.waitFor(async () => {
      const { SubStatements = [] } = await client.send(new DescribeStatementCommand({ Id }));
      if (SubStatements.at(-1)?.Status === 'SUBMITTED') throw new Error('its last statement has not begun');
    }, PATIENCE);
  }

  async #eventsOf(id: string, words: Words): Promise<unknown> {
    const own = () => this.#events.filter(({ statementId }) => statementId === id);
    await vi.waitFor(async () => {
      if (own().length === 0) await this.#receiveEvents();
      if (own().length === 0) throw new Error('there is no event yet');
    }, PATIENCE);
    return own().map((event) => words.ofEvent(event));
  }

  async #receiveEvents(): Promise<void> {
    const QueueUrl = this.#real.outputs.EventsUrl;
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    const { Messages = [] } = await this.#sqs.send(command);
    for (const { Body = '', ReceiptHandle } of Messages) {
      this.#events.push(parseStatementEvent(JSON.parse(Body)));
      await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }

  /** A session of its own for each stretch of time: statements belong to the role. */
  #as(role: Role = 'owner'): Promise<RedshiftDataClient> {
    const client = this.#clients.get(role) ?? this.#assume(role);
    this.#clients.set(role, client);
    return client;
  }

  async #assume(role: Role): Promise<RedshiftDataClient> {
    const input = { RoleArn: roleArnOf(role), RoleSessionName: `session-${this.#real.stage.clock.now()}` };
    const { Credentials } = await this.#sts.send(new AssumeRoleCommand(input));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return new RedshiftDataClient({ ...this.#real.client, credentials });
  }

  async #endSessions(): Promise<void> {
    for (const client of this.#clients.values()) (await client).destroy();
    this.#clients.clear();
  }

  /** What a case leaves running would be in the way of the next. */
  async #cancelQuietly(Id: string): Promise<void> {
    for (const role of ['owner', 'other'] as const) {
      const client = await this.#as(role);
      await client.send(new CancelStatementCommand({ Id })).catch(() => undefined);
    }
    await this.#reaches(Id, 'end');
  }
}

/** Of a batch only the first has rows. */
const END = {
  FINISHED: (_number: number, index: number) =>
    index === 0 ? { columns: [{ name: 'n', type: 'int' }], rows: [[1]] } : { affectedRows: 3 },
  FAILED: (number: number, _index: number) => ({ error: `ERROR: of statement ${number}` }),
  ABORTED: (_number: number, _index: number) => ({ state: 'ABORTED' as const }),
};
