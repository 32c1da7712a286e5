import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlTask } from '../scenarios/sql-task.ts';
import { run } from './helpers/execution.ts';
import { startTestStage, type TestStage } from './helpers/test-stage.ts';

const BUCKET = 'nightly-reports';

let test: TestStage;
let s3: S3Client;

beforeAll(async () => {
  test = await startTestStage(
    {
      Rows: (scope, tasker) =>
        sqlTask(scope, 'GetRows', tasker, {
          payload: { result: JsonPath.objectAt('$.result') },
          notRepeated: ['ResultNotStored'],
        }),
    },
    {},
    (stack, tasker) => {
      const reports = new Bucket(stack, 'Reports', { bucketName: BUCKET });
      // CDK's declarations do not hold under exactOptionalPropertyTypes.
      tasker.grantResultsTo(reports as IBucket, 'daily');
    },
  );
  const { endpoint, region } = test.stage;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
});

afterAll(async () => {
  s3?.destroy();
  await test?.close();
});

const rowsOf = (sql: string, result: object) => run(test.sfn, test.outputs.RowsArn, { sql, result });

const objectAt = async (Key: string) => {
  const { Body, ContentType } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return { text: (await Body?.transformToString()) ?? '', ContentType };
};

interface Stored {
  readonly detail: { readonly statementId: string };
  readonly result: { readonly rowCount: number; readonly s3: { readonly key: string; readonly bytes: number } };
}

describe('rows that go to S3', () => {
  it('are JSON lines, and their state is told where', async () => {
    const { output, cause } = await rowsOf(
      "select 1 as n, 'é' as t union all select 9007199254740993, null order by 1",
      {
        s3: { bucket: BUCKET, prefix: 'daily/first' },
      },
    );

    expect(cause).toBeUndefined();
    const { detail, result } = JSON.parse(output ?? '') as Stored;
    const key = `daily/first/${detail.statementId}.jsonl`;
    const text = '{"n":1,"t":"é"}\n{"n":"9007199254740993","t":null}\n';
    expect(result).toEqual({
      columns: [
        { name: 'n', type: 'int8' },
        { name: 't', type: 'varchar' },
      ],
      rowCount: 2,
      s3: { bucket: BUCKET, key, uri: `s3://${BUCKET}/${key}`, bytes: Buffer.byteLength(text) },
    });
    expect(await objectAt(key)).toEqual({ text, ContentType: 'application/x-ndjson' });
  });

  it('may be more than a page, and an object of several parts', async () => {
    const { output, cause } = await rowsOf("select n, repeat('x', 1000) as t from generate_series(1, 9000) as n", {
      s3: { bucket: BUCKET, prefix: 'daily/' },
    });

    expect(cause).toBeUndefined();
    const { result } = JSON.parse(output ?? '') as Stored;
    expect(result.rowCount).toBe(9000);
    const { text } = await objectAt(result.s3.key);
    const lines = text.split('\n');
    expect(Buffer.byteLength(text)).toBe(result.s3.bytes);
    expect(lines.length).toBe(9001);
    expect(JSON.parse(lines[8999] ?? '')).toEqual({ n: 9000, t: 'x'.repeat(1000) });
    expect(test.stage.calls.entries().filter(({ operation }) => operation === 'UploadPart').length).toBeGreaterThan(1);
  });

  it('fail their state where the tasker may not write', async () => {
    const { error, cause } = await rowsOf('select 1', { s3: { bucket: BUCKET, prefix: 'weekly' } });

    expect(error).toBe('ResultNotStored');
    expect(cause).toMatch(/AccessDenied.*s3:PutObject/);
    expect(JSON.parse(cause ?? '')).toMatchObject({ state: 'FINISHED' });
  });
});
