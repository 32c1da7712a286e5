import { AwsError } from '../common/aws-error.ts';
import {
  describeSettings,
  keyArnOf,
  newTableSettings,
  refuseUnknownMembers,
  type TableSettings,
  type Tables,
} from './dynamodb-tables.ts';
import type { KeyDirectory } from './kms.ts';
import type { Upstream } from './upstream.ts';

type Input = Readonly<Record<string, unknown>>;
type Output = Record<string, unknown>;

interface Deps {
  readonly upstream: Upstream;
  readonly tables: Tables;
  readonly keys: KeyDirectory;
  /** `arn:aws:dynamodb:REGION:ACCOUNT:table/` */
  readonly arnPrefix: string;
}

/** dynalite has an account and a region of its own. */
const DYNALITE_ARN = /arn:aws:dynamodb:[^:"]*:\d*:table\//g;
const DYNALITE_PREFIX = 'arn:aws:dynamodb:us-east-1:000000000000:table/';

/** What concerns tables as a whole, with the settings that dynalite forgets remembered here. */
export class TableOperations {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  find(operation: string): ((input: Input) => Promise<unknown>) | undefined {
    const operations: Readonly<Record<string, (input: Input) => Promise<unknown>>> = {
      CreateTable: (input) => this.#create(input),
      DeleteTable: (input) => this.#delete(input),
      DescribeContinuousBackups: (input) => this.#describeBackups(input),
      DescribeTable: async (input) => ({ Table: await this.#describe(input) }),
      DescribeTimeToLive: (input) => this.#describeTimeToLive(input),
      UpdateContinuousBackups: (input) => this.#updateBackups(input),
      UpdateTable: (input) => this.#update(input),
      UpdateTimeToLive: (input) => this.#updateTimeToLive(input),
    };
    return operations[operation];
  }

  async tags(operation: string, input: Input): Promise<unknown> {
    const ResourceArn = String(input.ResourceArn).replace(this.#deps.arnPrefix, DYNALITE_PREFIX);
    return await this.#send(operation, { ...input, ResourceArn });
  }

  async #create(input: Input): Promise<unknown> {
    refuseUnknownMembers('CreateTable', input);
    const settings = newTableSettings(input, this.#deps.keys);
    const { SSESpecification: _sse, DeletionProtectionEnabled: _protection, Tags, ...request } = input;
    const { TableDescription } = await this.#send('CreateTable', request);
    const name = String(input.TableName);
    this.#deps.tables.set(name, settings);
    if (Tags) await this.#send('TagResource', { ResourceArn: DYNALITE_PREFIX + name, Tags });
    return { TableDescription: this.#described(name, TableDescription) };
  }

  async #update(input: Input): Promise<unknown> {
    refuseUnknownMembers('UpdateTable', input);
    const { SSESpecification, DeletionProtectionEnabled, ...request } = input;
    const name = String(input.TableName);
    await this.#describe(input);
    if (SSESpecification !== undefined) this.#set(name, { kmsKeyArn: keyArnOf(SSESpecification, this.#deps.keys) });
    if (DeletionProtectionEnabled !== undefined)
      this.#set(name, { isDeletionProtected: DeletionProtectionEnabled === true });
    // dynalite wants something to do besides.
    if (Object.keys(request).length > 1) await this.#send('UpdateTable', request);
    return { TableDescription: await this.#describe(input) };
  }

  async #delete(input: Input): Promise<unknown> {
    const name = String(input.TableName);
    if (this.#deps.tables.get(name)?.isDeletionProtected)
      throw new AwsError(
        'ValidationException',
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    const { TableDescription } = await this.#send('DeleteTable', input);
    const described = this.#described(name, TableDescription);
    this.#deps.tables.delete(name);
    return { TableDescription: described };
  }

  async #describe({ TableName }: Input): Promise<Output> {
    const { Table } = await this.#send('DescribeTable', { TableName });
    return this.#described(String(TableName), Table);
  }

  async #updateTimeToLive(input: Input): Promise<unknown> {
    await this.#describe(input);
    const name = String(input.TableName);
    const specification = input.TimeToLiveSpecification as { Enabled: boolean; AttributeName: string };
    const isEnabled = this.#deps.tables.get(name)?.timeToLiveAttribute !== undefined;
    if (specification.Enabled === isEnabled)
      throw new AwsError('ValidationException', `TimeToLive is already ${isEnabled ? 'enabled' : 'disabled'}`);
    this.#set(name, { timeToLiveAttribute: specification.Enabled ? specification.AttributeName : undefined });
    return { TimeToLiveSpecification: specification };
  }

  async #describeTimeToLive(input: Input): Promise<unknown> {
    await this.#describe(input);
    const AttributeName = this.#deps.tables.get(String(input.TableName))?.timeToLiveAttribute;
    const description =
      AttributeName === undefined ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName };
    return { TimeToLiveDescription: description };
  }

  async #updateBackups(input: Input): Promise<unknown> {
    await this.#describe(input);
    const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays = 35 } = input.PointInTimeRecoverySpecification as {
      PointInTimeRecoveryEnabled: boolean;
      RecoveryPeriodInDays?: number;
    };
    const recoveryPeriodInDays = PointInTimeRecoveryEnabled ? RecoveryPeriodInDays : undefined;
    this.#set(String(input.TableName), { recoveryPeriodInDays });
    return await this.#describeBackups(input);
  }

  async #describeBackups(input: Input): Promise<unknown> {
    await this.#describe(input);
    const RecoveryPeriodInDays = this.#deps.tables.get(String(input.TableName))?.recoveryPeriodInDays;
    const recovery =
      RecoveryPeriodInDays === undefined
        ? { PointInTimeRecoveryStatus: 'DISABLED' }
        : { PointInTimeRecoveryStatus: 'ENABLED', RecoveryPeriodInDays };
    return {
      ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription: recovery },
    };
  }

  #set(name: string, change: Partial<TableSettings>): void {
    const settings = this.#deps.tables.get(name);
    if (settings) this.#deps.tables.set(name, { ...settings, ...change });
  }

  /** dynalite's description, under the stage's account and with the settings it forgot. */
  #described(name: string, description: unknown): Output {
    const ours = JSON.stringify(description).replace(DYNALITE_ARN, this.#deps.arnPrefix);
    return { ...(JSON.parse(ours) as Output), ...describeSettings(this.#deps.tables.get(name)) };
  }

  #send(operation: string, input: Input): Promise<Output> {
    return this.#deps.upstream.json(`DynamoDB_20120810.${operation}`, input);
  }
}
