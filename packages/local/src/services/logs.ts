import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';
import { AwsError } from '../common/aws-error.ts';
import type { Clock } from '../common/clock.ts';
import type { ApiCall, NeededPermission, Service, ServiceReply } from '../common/service.ts';
import { unknownOperation } from '../gateway/errors.ts';
import { embeddedMetrics } from '../metrics/embedded-format.ts';
import type { MetricSink } from '../metrics/metrics.ts';
import type { Keys } from './kms.ts';
import { type LogEvent, LogGroup, type LogGroupSettings } from './log-group.ts';
import {
  groupNameOf,
  type Input,
  invalidParameter,
  knowsOperation,
  numberOf,
  refuseUnknownParameters,
  textOf,
} from './logs-input.ts';
import { describeLogStreams, filterLogEvents, getLogEvents, pageOf } from './logs-queries.ts';

const MOST_GROUPS_A_PAGE = 50;

/** What CloudWatch Logs asks to be allowed with a group's key. */
const KEY_ACTIONS = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncryptFrom', 'kms:GenerateDataKey', 'kms:DescribeKey'];

const GROUP_NAME = /^[\w./#-]{1,512}$/;
const STREAM_NAME = /^[^:*]{1,512}$/;

/**
 * CloudWatch Logs: groups that the template or a function makes, streams, and what functions wrote; in memory, the latest 16 MB a group, for as
 * long as its retention says on the stage's clock.
 */
export class Logs implements Service {
  readonly name = 'logs';
  readonly #account: Account;
  readonly #clock: Clock;
  readonly #groups = new Map<string, LogGroup>();
  readonly #keys: Keys | undefined;
  readonly #metrics: MetricSink | undefined;
  #sequence = 0;

  /**
   * @param deps.keys the account's keys; without them the policies of groups' keys are not checked
   * @param deps.metrics gets what is written in the embedded metric format
   */
  constructor(deps: { account: Account; clock: Clock; keys?: Keys; metrics?: MetricSink }) {
    this.#account = deps.account;
    this.#clock = deps.clock;
    this.#keys = deps.keys;
    this.#metrics = deps.metrics;
  }

  /**
   * Creates a group, or changes the settings of one; its streams and events stay.
   *
   * @throws AwsError `InvalidParameterException` for a name that AWS refuses, or a key whose policy is closed to CloudWatch Logs
   */
  putLogGroup(settings: LogGroupSettings): { arn: string } {
    if (!GROUP_NAME.test(settings.name)) throw invalidParameter(`The log group name '${settings.name}' is not valid.`);
    if (settings.kmsKeyArn !== undefined) this.#checkKey(settings.kmsKeyArn, this.#arnOf(settings.name));
    const known = this.#groups.get(settings.name);
    if (known) known.settings = settings;
    else this.#groups.set(settings.name, new LogGroup(settings, this.#clock.now()));
    return { arn: `${this.#arnOf(settings.name)}:*` };
  }

  hasLogGroup(name: string): boolean {
    return this.#groups.has(name);
  }

  deleteLogGroup(name: string): void {
    this.#groups.delete(name);
  }

  /** What a group holds, in the order written, for what runs inside the stage. */
  eventsOf(name: string): readonly LogEvent[] {
    return this.#group(name)?.events() ?? [];
  }

  /** Everything but DescribeLogGroups is about a stream, if only about the nameless one: so `log-group:NAME:*` covers it, `log-group:NAME` does not. */
  permissionsFor({ operation, input }: ApiCall): readonly NeededPermission[] {
    const group = operation === 'DescribeLogGroups' ? '' : groupNameOf(input);
    return [{ action: `logs:${operation}`, resource: this.#streamArn(group, textOf(input, 'logStreamName') ?? '') }];
  }

  perform({ operation, input }: ApiCall): Promise<ServiceReply> {
    return Promise.resolve().then(() => ({ output: this.#perform(operation, input) }));
  }

  #perform(operation: string, input: Input): unknown {
    if (!knowsOperation(operation)) throw unknownOperation('logs', operation);
    refuseUnknownParameters(operation, input);
    if (operation === 'CreateLogGroup') return this.#createGroup(groupNameOf(input));
    if (operation === 'DescribeLogGroups') return this.#describeGroups(input);
    const group = this.#group(groupNameOf(input));
    if (!group) throw notFound('group');
    if (operation === 'DeleteLogGroup') return this.#deleteGroup(group);
    if (operation === 'PutRetentionPolicy') return setRetention(group, retentionOf(input));
    if (operation === 'DeleteRetentionPolicy') return setRetention(group, undefined);
    if (operation === 'CreateLogStream') return this.#createStream(group, textOf(input, 'logStreamName') ?? '');
    if (operation === 'DescribeLogStreams')
      return describeLogStreams(group, input, (stream) => this.#streamArn(group.settings.name, stream));
    if (operation === 'FilterLogEvents') return filterLogEvents(group, input);
    if (!group.hasStream(textOf(input, 'logStreamName') ?? '')) throw notFound('stream');
    return operation === 'GetLogEvents' ? getLogEvents(group, input) : this.#putEvents(group, input);
  }

  #group(name: string): LogGroup | undefined {
    const group = this.#groups.get(name);
    group?.expire(this.#clock.now());
    return group;
  }

  #checkKey(keyArn: string, groupArn: string): void {
    const { accountId, region, partition } = this.#account;
    const service = `logs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
    const context = {
      'kms:EncryptionContext:aws:logs:arn': groupArn,
      'aws:SourceArn': groupArn,
      'aws:SourceAccount': accountId,
    };
    if (this.#keys?.isOpenTo(service, keyArn, KEY_ACTIONS, context) ?? true) return;
    throw invalidParameter(
      `The specified KMS key does not exist or is not allowed to be used with Arn '${groupArn}': its policy must let ${service} use it.`,
    );
  }

  #createGroup(name: string): unknown {
    if (this.#groups.has(name)) throw alreadyExists('group');
    this.putLogGroup({ name });
    return {};
  }

  #deleteGroup({ settings: { name } }: LogGroup): unknown {
    this.deleteLogGroup(name);
    return {};
  }

  #createStream(group: LogGroup, name: string): unknown {
    if (!STREAM_NAME.test(name)) throw invalidParameter(`The log stream name '${name}' is not valid.`);
    if (group.hasStream(name)) throw alreadyExists('stream');
    group.addStream(name, this.#clock.now());
    return {};
  }

  #putEvents(group: LogGroup, input: Input): unknown {
    const written = (input.logEvents ?? []) as readonly { readonly timestamp: number; readonly message: string }[];
    if (written.length === 0) throw invalidParameter('logEvents must hold at least one event.');
    if (written.some(({ timestamp }, index) => timestamp < (written[index - 1]?.timestamp ?? -Infinity)))
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    const stream = String(input.logStreamName);
    const ingestionTime = this.#clock.now();
    const events = written.map(({ timestamp, message }) => ({
      sequence: this.#sequence++,
      stream,
      timestamp,
      ingestionTime,
      message,
    }));
    group.append(stream, events);
    for (const { message } of events)
      for (const datum of embeddedMetrics(message, ingestionTime)) this.#metrics?.add(datum);
    return { nextSequenceToken: String(this.#sequence) };
  }

  #describeGroups(input: Input): unknown {
    const prefix = textOf(input, 'logGroupNamePrefix') ?? '';
    const part = (textOf(input, 'logGroupNamePattern') ?? '').toLowerCase();
    const groups = [...this.#groups.values()]
      .filter(({ settings: { name } }) => name.startsWith(prefix) && name.toLowerCase().includes(part))
      .sort((a, b) => (a.settings.name < b.settings.name ? -1 : 1));
    const { page, nextToken } = pageOf(groups, input, MOST_GROUPS_A_PAGE);
    return { logGroups: page.map((group) => this.#described(group)), ...nextToken };
  }

  #described({ settings, creationTime, storedBytes }: LogGroup): unknown {
    const { name, retentionInDays, kmsKeyArn } = settings;
    const logGroupArn = this.#arnOf(name);
    return {
      logGroupName: name,
      creationTime,
      retentionInDays,
      metricFilterCount: 0,
      arn: `${logGroupArn}:*`,
      logGroupArn,
      storedBytes,
      kmsKeyId: kmsKeyArn,
      logGroupClass: 'STANDARD',
    };
  }

  #arnOf(group: string): string {
    return arnIn(this.#account, 'logs', `log-group:${group}`);
  }

  #streamArn(group: string, stream: string): string {
    return `${this.#arnOf(group)}:log-stream:${stream}`;
  }
}

const setRetention = (group: LogGroup, retentionInDays: number | undefined): unknown => {
  const { retentionInDays: _, ...settings } = group.settings;
  group.settings = retentionInDays === undefined ? settings : { ...settings, retentionInDays };
  return {};
};

/** AWS takes certain numbers of days only; of those here any whole one. */
const retentionOf = (input: Input): number => {
  const days = numberOf(input, 'retentionInDays') ?? 0;
  if (Number.isInteger(days) && days >= 1 && days <= 3653) return days;
  throw invalidParameter('retentionInDays must be a whole number from 1 to 3653.');
};

const notFound = (what: 'group' | 'stream'): AwsError =>
  new AwsError('ResourceNotFoundException', `The specified log ${what} does not exist.`);

const alreadyExists = (what: 'group' | 'stream'): AwsError =>
  new AwsError('ResourceAlreadyExistsException', `The specified log ${what} already exists`);
