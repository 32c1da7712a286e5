import type { PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { DescribeStatementCommandInput } from '@aws-sdk/client-redshift-data';
import type { SendTaskFailureCommandInput, SendTaskSuccessCommandInput } from '@aws-sdk/client-sfn';
import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { names, type TrackingItem } from '@sfn-redshift/shared';
import { checkCancel } from '../checks/check-cancel.ts';
import { checkStart } from '../checks/check-start.ts';
import { checkStored } from '../checks/check-stored.ts';
import { checkTold } from '../checks/check-told.ts';
import { checkWrite } from '../checks/check-write.ts';
import { Functions } from '../functions.ts';
import type { Sandbox } from '../sandbox.ts';
import { sdkError } from '../sdk-error.ts';
import type { World } from '../world.ts';
import { Bucket } from './bucket.ts';
import { History } from './history.ts';
import { PREFIX } from './prefix.ts';
import { Queue } from './queue.ts';
import { Redshift } from './redshift.ts';
import { Sweeps } from './sweeps.ts';
import { TrackingTable } from './table.ts';
import { type Told, Workflows } from './workflows.ts';

/** Does what a request asks for, of the sandbox that sent it, in the role that it was sent in. */
type Operation = (input: never, sandbox: Sandbox, role: string) => object | Promise<object>;

interface CallbackInput {
  readonly CallbackId?: string;
  readonly Result?: Uint8Array;
  readonly Error?: { readonly ErrorType?: string; readonly ErrorData?: string };
}

/** Everything that a deployed tasker lives in, on virtual time. */
export class Account {
  readonly world: World;
  readonly redshift: Redshift;
  readonly table: TrackingTable;
  readonly history: History;
  readonly queue: Queue;
  readonly workflows: Workflows;
  readonly bucket: Bucket;
  /** The row of every task that there ever was, by its token, as it was written last. */
  readonly claims = new Map<string, TrackingItem>();
  /** Every claim that was closed as refused. */
  readonly refused: TrackingItem[] = [];
  /** By whose token a task waited for a statement when it was cancelled because it ran too long; by the statement's id. */
  readonly overran = new Map<string, string>();
  /** The ids of statements whose task was told a failure, and took it: also of some that have finished. */
  readonly failed = new Set<string>();
  readonly functions: Functions;
  readonly sweeps: Sweeps;
  readonly #operations: Readonly<Record<string, Operation>>;

  constructor(world: World) {
    this.world = world;
    const functions = new Functions(world, this);
    this.functions = functions;
    this.sweeps = new Sweeps(this);
    this.history = new History(world.time);
    this.redshift = new Redshift(world, {
      onEvent: (event) => this.#match(event),
      onStart: (statement) => checkStart(statement, this),
    });
    this.table = new TrackingTable(world.time, world.schedule, {
      onWrite: (item, before) => {
        this.history.add(item);
        checkWrite(item, before, this);
        this.sweeps.notice(item);
      },
      onExpire: (item) => this.history.addExpiry(item),
    });
    this.queue = new Queue(world, (records) => functions.drain(records));
    this.workflows = new Workflows(world, {
      invoke: (payload, requestId, request) => functions.invoke(payload, requestId, request),
      newestSession: () => this.redshift.sessions.newest?.id,
      tell: (message) => void this.queue.send({ MessageBody: JSON.stringify(message) }),
    });
    this.bucket = new Bucket((key, content) => checkStored(key, content, this));
    this.#operations = { ...this.#tableOperations(), ...this.#services() };
  }

  /** @throws Error where the model does not know the call: it is a fault of the model's, and shows. */
  perform(operation: string, input: object, sandbox: Sandbox, role: string): object | Promise<object> {
    const known = this.#operations[operation];
    if (!known) throw sdkError('UnknownOperation', `the model account does not know ${operation}`, 400);
    return known(input as never, sandbox, role);
  }

  /** What an invoker of the next contract version puts tells so, and more than this one knows. */
  #tableOperations(): Readonly<Record<string, Operation>> {
    const { operations } = this.table;
    return {
      ...operations,
      PutItem: (input: PutItemCommandInput, { of, deployment }) =>
        operations.PutItem(of === 'invoker' && deployment.hasNewerInvoker ? ofNextVersion(input) : input),
    };
  }

  #services(): Readonly<Record<string, Operation>> {
    const { redshift, queue, workflows } = this;
    return {
      ...this.bucket.operations,
      ExecuteStatement: (input, { request }, role) => redshift.execute(input, request, role),
      BatchExecuteStatement: (input, { request }, role) => redshift.execute(input, request, role),
      ListSessions: ({ SessionId }: { SessionId?: string }, _, role) => redshift.sessions.list(SessionId, role),
      DescribeStatement: ({ Id, WaitTimeSeconds = 0 }: DescribeStatementCommandInput, _, role) =>
        redshift.describe(Id, WaitTimeSeconds, role),
      CancelStatement: ({ Id }: { Id?: string }, sandbox, role) => {
        checkCancel(Id, sandbox, this);
        return redshift.cancel(Id, role);
      },
      ListStatements: (input, _, role) => redshift.list(input, role),
      GetStatementResult: (input, _, role) => redshift.result(input, role),
      SendMessage: (input: SendMessageCommandInput) => queue.send(input),
      AssumeRole: ({ RoleArn = '' }: { RoleArn?: string }) => ({ Credentials: credentialsOf(RoleArn) }),
      DescribeExecution: ({ executionArn }: { executionArn?: string }) => workflows.describe(executionArn),
      SendTaskHeartbeat: ({ taskToken }: { taskToken?: string }, { of, name }) => {
        const task = workflows.attemptOf(taskToken)?.task;
        // Its heartbeats are its own affair: they may be its whole time.
        const isOfOld = task?.mode === 'legacy' && task.heartbeatSeconds === null;
        if (of === 'sweep' && isOfOld) this.world.findings.add(1, `${name} sends a task of old a heartbeat`);
        return workflows.heartbeat(taskToken);
      },
      SendTaskSuccess: ({ taskToken, output = '' }: SendTaskSuccessCommandInput) =>
        this.#tell(taskToken, { type: 'success', output }),
      SendTaskFailure: ({ taskToken, error = '', cause = '' }: SendTaskFailureCommandInput) =>
        this.#tell(taskToken, { type: 'failure', error, cause }),
      SendDurableExecutionCallbackHeartbeat: ({ CallbackId }: CallbackInput) => workflows.heartbeat(CallbackId),
      SendDurableExecutionCallbackSuccess: ({ CallbackId, Result }: CallbackInput) =>
        this.#tell(CallbackId, { type: 'success', output: Buffer.from(Result ?? '').toString() }),
      SendDurableExecutionCallbackFailure: ({ CallbackId, Error: told }: CallbackInput) =>
        this.#tell(CallbackId, { type: 'failure', error: told?.ErrorType ?? '', cause: told?.ErrorData ?? '' }),
    };
  }

  #tell(token: string | undefined, told: Told): object {
    const statementId = checkTold(token, told, this);
    const answer = this.workflows.tell(token, told);
    if (told.type === 'failure' && statementId !== undefined) this.failed.add(statementId);
    return answer;
  }

  /** The rule of the tasker's stack: its own statements, ended. */
  #match(event: object): void {
    const { source, detail } = event as { source: string; detail: { statementName: string } };
    if (source !== names.COMPLETION_EVENT.source || !detail.statementName.startsWith(PREFIX)) return;
    this.queue.send({ MessageBody: JSON.stringify(event) });
  }
}

const ofNextVersion = (input: PutItemCommandInput): PutItemCommandInput => ({
  ...input,
  Item: { ...input.Item, contractVersion: { N: String(names.CONTRACT_VERSION + 1) }, madeUpLater: { S: 'kept' } },
});

/** Whoever calls with them calls in that role: the session token says which. */
const credentialsOf = (roleArn: string) => ({
  AccessKeyId: 'AKIAMODEL',
  SecretAccessKey: 'secret',
  SessionToken: roleArn,
  Expiration: new Date('2100-01-01T00:00:00Z'),
});
