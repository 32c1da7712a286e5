import type { Clock } from '../common/clock.ts';
import type { Log } from '../common/log.ts';
import type { ResourcePlan } from './plan-resource.ts';
import { Properties } from './properties.ts';
import type { Existing, Ids } from './resource.ts';

/** A resource that exists. */
export interface StackResource extends Omit<ResourcePlan, 'change' | 'ids'> {
  readonly ids: Ids;
}

/** One step of a stack's life, in AWS's words. */
export interface StackEvent {
  /** Epoch milliseconds of the stage's clock. */
  readonly time: number;
  /** The stack's own name for what concerns it as a whole. */
  readonly logicalId: string;
  /** Undefined as long as there is none. */
  readonly physicalId: string | undefined;
  readonly type: string;
  /** Such as `CREATE_IN_PROGRESS`, `UPDATE_FAILED`, `DELETE_SKIPPED`. */
  readonly status: string;
  readonly reason?: string;
}

/** A stack as it is deployed. */
export interface DeployedStack {
  readonly outputs: Readonly<Record<string, string>>;
  /** Physical ids by logical id. */
  readonly resources: Readonly<Record<string, string>>;
  /** In AWS's words, such as `UPDATE_ROLLBACK_COMPLETE`. */
  readonly status: string;
  /** Since the start of the stage, oldest first. */
  readonly events: readonly StackEvent[];
}

type Subject = Pick<StackResource, 'logicalId' | 'type'> & { readonly ids?: Ids | undefined };

const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** A stack that comes to stand is not worth a line of the log; what it has become is told as a whole. */
const CREATION = ['CREATE_IN_PROGRESS', 'CREATE_COMPLETE'];

/** What becomes of single resources then goes without saying, unless it fails. */
const AS_A_WHOLE = ['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'];

/** What is deployed under a stack's name, and how it came to be. */
export class Stack {
  readonly name: string;
  /** Its ARN. */
  readonly id: string;
  readonly events: StackEvent[] = [];
  status = '';
  /** By logical id, each after those it needs. */
  contents: ReadonlyMap<string, StackResource> = new Map();
  outputs: Readonly<Record<string, string>> = {};
  /** By export name. */
  exports: ReadonlyMap<string, unknown> = new Map();
  /** Names of other stacks' exports that it uses. */
  imports: ReadonlySet<string> = new Set();
  readonly #clock: Clock;
  readonly #log: Log;

  constructor({ name, id }: { name: string; id: string }, { clock, log }: { clock: Clock; log: Log }) {
    this.name = name;
    this.id = id;
    this.#clock = clock;
    this.#log = log;
  }

  get described(): DeployedStack {
    const ids = [...this.contents].map(([logicalId, { ids }]) => [logicalId, ids.physicalId] as const);
    const { outputs, status, events } = this;
    return { outputs, resources: Object.fromEntries(ids), status, events: [...events] };
  }

  /** Whether it has come to stand at all; a stack that could not be created has not. */
  get isDeployed(): boolean {
    return this.status !== '' && !this.status.startsWith('CREATE_IN') && !this.status.startsWith('ROLLBACK');
  }

  enter(status: string, reason?: string): void {
    this.status = status;
    const ids = { physicalId: this.id, attributes: {} };
    this.#add({ logicalId: this.name, type: STACK_TYPE, ids }, status, reason);
    if (!CREATION.includes(status))
      this.#log.info(status, { stack: this.name, ...(reason !== undefined && { reason }) });
  }

  record(subject: Subject, status: string, reason?: string): void {
    this.#add(subject, status, reason);
    const { logicalId: resource, type } = subject;
    const line = { stack: this.name, resource, type, ...(reason !== undefined && { reason }) };
    if (status.endsWith('_FAILED')) this.#log.warn(status, line);
    else if (!status.endsWith('_IN_PROGRESS') && !AS_A_WHOLE.includes(this.status)) this.#log.info(status, line);
  }

  #add({ logicalId, type, ids }: Subject, status: string, reason: string | undefined): void {
    const event = { time: this.#clock.now(), logicalId, physicalId: ids?.physicalId, type, status };
    this.events.push(reason === undefined ? event : { ...event, reason });
  }
}

/** The resource as its type wants to see it; what was accepted once is not refused any more. */
export const existing = ({ ids, properties }: Pick<StackResource, 'ids' | 'properties'>): Existing => ({
  ...ids,
  properties: new Properties(properties, () => undefined),
});
