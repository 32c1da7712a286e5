import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { LocalStage } from '@sfn-redshift/local';
import { App, CfnOutput, type Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { type Example, LANGUAGES, type Language } from './examples.ts';
import { eventually, run } from './execution.ts';

/** What the examples connect to. */
const WAREHOUSE = { ClusterIdentifier: 'warehouse', Database: 'dev', DbUser: 'etl' };

/** The examples' stacks, deployed once; each runs by itself, as they share tables. */
export class ExampleStage {
  readonly stage: LocalStage;
  readonly #directory: string;
  readonly #sfn: SFNClient;
  readonly #s3: S3Client;
  readonly #redshift: RedshiftDataClient;

  private constructor(stage: LocalStage, directory: string) {
    this.stage = stage;
    this.#directory = directory;
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = { endpoint: stage.endpoint, region: stage.region, credentials };
    this.#sfn = new SFNClient(client);
    this.#s3 = new S3Client({ ...client, forcePathStyle: true });
    this.#redshift = new RedshiftDataClient(client);
  }

  static async deploy(examples: readonly Example[]): Promise<ExampleStage> {
    const directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-examples-'));
    try {
      return new ExampleStage(await LocalStage.deploy(synthesize(join(directory, 'cdk.out'), examples)), directory);
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Makes the tables of an example, anew and empty, and fills them. */
  async make({ tables }: Example, ...fill: readonly string[]): Promise<void> {
    const names = tables.flatMap((sql) => /^create table (\w+)/.exec(sql)?.[1] ?? []);
    await this.sql(...names.map((name) => `drop table if exists ${name}`), ...tables, ...fill);
  }

  /** Runs statements in one transaction. */
  async sql(...Sqls: readonly string[]): Promise<void> {
    const { Id } = await this.#redshift.send(new BatchExecuteStatementCommand({ ...WAREHOUSE, Sqls: [...Sqls] }));
    await this.#finished(Id);
  }

  /** The rows of a query: the values of each. */
  async rows(Sql: string): Promise<readonly (readonly unknown[])[]> {
    const { Id } = await this.#redshift.send(new ExecuteStatementCommand({ ...WAREHOUSE, Sql }));
    await this.#finished(Id);
    const { Records = [] } = await this.#redshift.send(new GetStatementResultCommand({ Id }));
    return Records.map((record) => record.map((field) => (field.isNull ? null : (Object.values(field)[0] as unknown))));
  }

  async #finished(Id: string | undefined): Promise<void> {
    const { Status, Error: reason } = await eventually(async () => {
      const description = await this.#redshift.send(new DescribeStatementCommand({ Id }));
      return ['FINISHED', 'FAILED', 'ABORTED'].includes(description.Status ?? '') ? description : undefined;
    });
    if (Status !== 'FINISHED') throw new Error(reason);
  }

  /** Puts an object into the bucket of an example. */
  async put(example: Example, language: Language, Key: string, Body: string): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: this.#output(example, language, 'BucketOutput'), Key, Body }));
  }

  /** The text of an object in the bucket of an example. */
  async get(example: Example, language: Language, Key: string): Promise<string> {
    const Bucket = this.#output(example, language, 'BucketOutput');
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  }

  /** The output of a run, or the failure of one. */
  async run(example: Example, language: Language, input: unknown = {}): Promise<unknown> {
    const { status, output, error, cause } = await run(
      this.#sfn,
      this.#output(example, language, 'MachineOutput'),
      input,
    );
    return status === 'SUCCEEDED' ? JSON.parse(output ?? '') : { status, error, cause };
  }

  /** The definition of the machine, as it is deployed. */
  async definition(example: Example, language: Language): Promise<string> {
    const stateMachineArn = this.#output(example, language, 'MachineOutput');
    const { definition } = await this.#sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    return definition ?? '';
  }

  async close(): Promise<void> {
    for (const client of [this.#sfn, this.#s3, this.#redshift]) client.destroy();
    await this.stage.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #output(example: Example, language: Language, name: string): string {
    const value = this.stage.stacks[stackName(example, language)]?.outputs[name];
    if (value === undefined) throw new Error(`${example.page} has no ${name}`);
    return value;
  }
}

const stackName = ({ page }: Example, language: Language): string => `${page}-${language}`;

const synthesize = (outdir: string, examples: readonly Example[]): string => {
  const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
  for (const example of examples) {
    for (const language of LANGUAGES) {
      const stack = new example.stacks[language](app, stackName(example, language));
      for (const part of stack.node.findAll()) tell(stack, part);
    }
  }
  return app.synth().directory;
};

const tell = (stack: Stack, part: unknown): void => {
  if (part instanceof StateMachine) new CfnOutput(stack, 'MachineOutput', { value: part.stateMachineArn });
  if (part instanceof Bucket) new CfnOutput(stack, 'BucketOutput', { value: part.bucketName });
};
