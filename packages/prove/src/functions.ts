import { actAsOwner } from '@sfn-redshift/completer/act-as-owner';
import { taskCallback } from '@sfn-redshift/completer/callback';
import { completionQueue } from '@sfn-redshift/completer/completion-queue';
import type { AnswerDependencies, DrainDependencies } from '@sfn-redshift/completer/dependencies';
import { durableCallbacks } from '@sfn-redshift/completer/lambda-callbacks';
import { lockTable as completerLocks } from '@sfn-redshift/completer/lock-table';
import { orphanTable } from '@sfn-redshift/completer/orphan-table';
import { drainResultPace, ownerResults, resultSession, SWEEP_RESULT_PACE } from '@sfn-redshift/completer/owner-results';
import { drainPaces, type OwnerAction, ownerStatements, type Paces } from '@sfn-redshift/completer/owner-statements';
import { readAsOwner } from '@sfn-redshift/completer/read-as-owner';
import { responseUrls } from '@sfn-redshift/completer/resource-callback';
import { oneAtATime } from '@sfn-redshift/completer/result/live-store';
import { s3Store } from '@sfn-redshift/completer/result/s3-store';
import { settleBatch } from '@sfn-redshift/completer/settle-batch';
import { statementTable as completerTable } from '@sfn-redshift/completer/statement-table';
import { SWEEP_PACES, type SweepDependencies } from '@sfn-redshift/completer/sweep/dependencies';
import { openStatements } from '@sfn-redshift/completer/sweep/open-statements';
import { runSweep } from '@sfn-redshift/completer/sweep/run-sweep';
import { waitingTasks } from '@sfn-redshift/completer/sweep/waiting-tasks';
import { watermarkRow } from '@sfn-redshift/completer/sweep/watermark-row';
import { callerErrorOf } from '@sfn-redshift/invoker/aws-call-failed';
import { completionQueue as invokerQueue } from '@sfn-redshift/invoker/completion-queue';
import { dataApi } from '@sfn-redshift/invoker/data-api';
import type { InvokerDependencies } from '@sfn-redshift/invoker/dependencies';
import { invoke } from '@sfn-redshift/invoker/invoke';
import { listedStatements } from '@sfn-redshift/invoker/listed-statements';
import { lockTable as invokerLocks } from '@sfn-redshift/invoker/lock-table';
import { sendHeartbeat } from '@sfn-redshift/invoker/send-heartbeat';
import { sendMessage } from '@sfn-redshift/invoker/send-message';
import { statementTable as invokerTable } from '@sfn-redshift/invoker/statement-table';
import { taskTokens } from '@sfn-redshift/invoker/task-tokens';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Account } from './account/account.ts';
import { OWNER_ROLE, PREFIX } from './account/prefix.ts';
import { MINUTE_MS } from './account/sweeps.ts';
import type { Started } from './account/workflows.ts';
import { checkAnswer } from './checks/check-answer.ts';
import { checkBatch } from './checks/check-batch.ts';
import { checkRefusal } from './checks/check-refusal.ts';
import { clientsOf } from './clients.ts';
import type { RequestIdentity } from './request-identity.ts';
import { Sandbox } from './sandbox.ts';
import type { Fault, FunctionName } from './schedule.ts';
import { telemetryOf } from './telemetry.ts';
import type { World } from './world.ts';

/** How an invocation ended. */
type Ended<T> =
  | { readonly type: 'answered'; readonly value: T }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'crashed' };

const TABLE_NAME = 'tracking';
const QUEUE_URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/completions';
/** The drain divides the account's quotas by as many. */
const DRAIN_SANDBOXES = 2;
const TARGET = { clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl' };

/** Lambda: the real functions of our handlers, each invocation over clients of its own. */
export class Functions {
  readonly #world: World;
  readonly #account: Account;
  #invocations = 0;

  constructor(world: World, account: Account) {
    this.#world = world;
    this.#account = account;
  }

  /** Invokes the invoker; faults of Lambda itself keep it from running, delay it, or lose its answer. */
  async invoke(payload: object, requestId: string, request: RequestIdentity): Promise<Started> {
    const fault = this.#world.faults.next('invoker.invoke');
    if (fault) this.#world.trace.add('lambda', `invocation of the invoker meets ${fault.kind}`);
    if (fault && NOT_RUN.includes(fault.kind)) return { type: 'failed' };
    if (fault && DELAYED.includes(fault.kind)) await this.#pass(fault.seconds * 1000);
    const from = this.#world.time.now;
    let invoker: Sandbox | undefined;
    const ended = await this.#run(
      'invoker',
      (sandbox) => {
        invoker = sandbox;
        return this.#invoker(payload, requestId, sandbox);
      },
      request,
    );
    if (ended.type === 'failed' && invoker) checkRefusal(ended.error, invoker, from, this.#account);
    if (ended.type === 'answered') checkAnswer(ended.value, request, this.#account);
    return { type: ended.type === 'answered' && !(fault && ANSWER_LOST.includes(fault.kind)) ? 'answered' : 'failed' };
  }

  async drain(records: readonly SQSRecord[]): Promise<SQSBatchResponse | undefined> {
    let drain: Sandbox | undefined;
    const ended = await this.#run('drain', (sandbox) => {
      drain = sandbox;
      return settleBatch(records, sandbox.timeoutMs, this.#drainDependencies(sandbox));
    });
    if (drain) checkBatch(records, ended, drain, this.#account);
    return ended.type === 'answered' ? ended.value : undefined;
  }

  /** One run; faults of Lambda itself keep it from being made, or let it overlap with the next. */
  async sweep(): Promise<void> {
    const { faults, time, findings } = this.#world;
    const { sweeps } = this.#account;
    const fault = faults.next('sweep.invoke');
    if (fault && NOT_RUN.includes(fault.kind)) return;
    if (fault && DELAYED.includes(fault.kind)) await this.#pass(fault.seconds * 1000);
    let sweep: Sandbox | undefined;
    const from = time.now;
    const ended = await this.#run('sweep', (sandbox) => {
      sweep = sandbox;
      const deadline = time.now + sandbox.timeoutMs;
      return runSweep(() => deadline - time.now, this.#sweepDependencies(sandbox));
    });
    const isFaulted = sweep !== undefined && sweep.faulted.length > 0;
    if (ended.type === 'answered' && !isFaulted) sweeps.clean.push({ from, to: time.now });
    const excused = ended.type !== 'failed' || isFaulted;
    if (!excused) findings.add(1, `a sweep fails for no passing reason: ${String(ended.error)}`);
  }

  async #invoker(payload: object, requestId: string, sandbox: Sandbox): Promise<object> {
    const dependencies = this.#invokerDependencies(sandbox);
    try {
      return await invoke(payload, { requestId, deadline: dependencies.now() + sandbox.timeoutMs }, dependencies);
    } catch (error) {
      throw callerErrorOf(error);
    }
  }

  #run<T>(of: FunctionName, work: (sandbox: Sandbox) => Promise<T>, request?: RequestIdentity): Promise<Ended<T>> {
    const { time, trace, findings, deployments } = this.#world;
    return new Promise((resolve) => {
      const end = (ended: Ended<T>) => {
        if (!sandbox.alive) return;
        sandbox.alive = false;
        stop();
        trace.add(sandbox.name, textOf(ended));
        resolve(ended);
      };
      const sandbox = new Sandbox(of, ++this.#invocations, deployments.current, request);
      sandbox.onCrash = () => end({ type: 'crashed' });
      const stop = time.after(sandbox.timeoutMs, () => {
        if (sandbox.faulted.length === 0) findings.add(4, `${sandbox.name} ran into its deadline on a good day`);
        end({ type: 'crashed' });
      });
      work(sandbox).then(
        (value) => end({ type: 'answered', value }),
        (error: unknown) => end({ type: 'failed', error }),
      );
    });
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#world.time.after(ms, resolve));
  }

  #invokerDependencies(sandbox: Sandbox): InvokerDependencies {
    const { dynamoDb, redshiftData, sfn, sqs } = clientsOf(sandbox, this.#account);
    return {
      config: {
        tableName: TABLE_NAME,
        statementNamePrefix: PREFIX,
        retentionDays: sandbox.deployment.retentionDays,
        targetId: 'default',
        ownerRoleArn: OWNER_ROLE,
        target: TARGET,
        completionQueueUrl: QUEUE_URL,
        ...(!this.#world.schedule.isSweepOff && { sweepIntervalSeconds: MINUTE_MS / 1000 }),
      },
      dataApi: dataApi(redshiftData, TARGET),
      table: invokerTable(dynamoDb, TABLE_NAME),
      locks: invokerLocks(dynamoDb, TABLE_NAME),
      tasks: taskTokens(() => Promise.resolve(sendHeartbeat(sfn))),
      starts: listedStatements(redshiftData),
      completions: invokerQueue(QUEUE_URL, () => Promise.resolve(sendMessage(sqs))),
      telemetry: telemetryOf(sandbox, this.#world),
      now: this.#clockOf(sandbox),
    };
  }

  #drainDependencies(sandbox: Sandbox): DrainDependencies {
    const { dynamoDb, sqs } = clientsOf(sandbox, this.#account);
    return {
      ...this.#answerDependencies(sandbox, drainPaces(DRAIN_SANDBOXES), drainResultPace(DRAIN_SANDBOXES)),
      statementNamePrefix: PREFIX,
      queue: completionQueue(sqs, QUEUE_URL),
      orphans: orphanTable(dynamoDb, TABLE_NAME),
    };
  }

  #sweepDependencies(sandbox: Sandbox): SweepDependencies {
    const { dynamoDb, sfn } = clientsOf(sandbox, this.#account);
    return {
      ...this.#answerDependencies(sandbox, SWEEP_PACES, SWEEP_RESULT_PACE),
      orphans: orphanTable(dynamoDb, TABLE_NAME),
      tasks: waitingTasks(sfn),
      open: openStatements(dynamoDb, TABLE_NAME),
      watermark: watermarkRow(dynamoDb, TABLE_NAME),
    };
  }

  #answerDependencies(sandbox: Sandbox, paces: Paces, pages: ResultPace): AnswerDependencies {
    const clients = clientsOf(sandbox, this.#account);
    const session = { name: sandbox.of, calls: OWNER_CALLS };
    const owner = { sts: clients.sts, redshiftData: clients.redshiftDataAs };
    return {
      table: completerTable(clients.dynamoDb, TABLE_NAME),
      locks: completerLocks(clients.dynamoDb, TABLE_NAME),
      callback: taskCallback(clients.sfn),
      durable: durableCallbacks(clients.lambda),
      responses: responseUrls(() => Promise.reject(new Error('no schedule has a request of CloudFormation'))),
      statements: ownerStatements((whose) => Promise.resolve(actAsOwner(whose, session, owner)), paces),
      results: ownerResults((whose) => Promise.resolve(readAsOwner(whose, resultSession(sandbox.of), owner)), pages),
      store: oneAtATime(s3Store(clients.s3)),
      telemetry: telemetryOf(sandbox, this.#world),
      now: this.#clockOf(sandbox),
    };
  }

  #clockOf({ of }: Sandbox): () => number {
    const { time, schedule } = this.#world;
    return () => time.now + schedule.skewMs[of];
  }
}

type ResultPace = typeof SWEEP_RESULT_PACE;

const OWNER_CALLS: readonly OwnerAction[] = ['DescribeStatement', 'ListStatements', 'CancelStatement'];

const NOT_RUN: readonly Fault['kind'][] = ['throttle', 'denied', 'errorBefore', 'timeoutBefore', 'crashBefore'];
const ANSWER_LOST: readonly Fault['kind'][] = ['errorAfter', 'timeoutAfter', 'crashAfter'];
const DELAYED: readonly Fault['kind'][] = ['late', 'slow'];

const textOf = (ended: Ended<unknown>): string => {
  if (ended.type === 'answered') return `answers ${JSON.stringify(ended.value)}`;
  return ended.type === 'failed' ? `fails: ${String(ended.error)}` : 'has died';
};
