import { gunzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { TestRedshift } from './redshift.ts';

export const BUCKET = 'data';

/** The S3 next to a Data API, with one bucket and roles for COPY and UNLOAD. */
export interface TestStorage {
  /** Of a role that Redshift may use for everything. */
  readonly role: string;
  /** Makes a role that `principal` may assume; its ARN. */
  roleFor(name: string, principal: string, ...statements: Record<string, unknown>[]): string;
  upload(key: string, body: string | Buffer): Promise<unknown>;
  /** The objects under a prefix, as text, by key. */
  download(prefix: string): Promise<Record<string, string>>;
  close(): void;
}

export const startStorage = async ({ stage }: TestRedshift): Promise<TestStorage> => {
  const s3 = new S3Client({ ...stage.client(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const roleFor: TestStorage['roleFor'] = (name, principal, ...Statement) => {
    const arn = `arn:aws:iam::123456789012:role/${name}`;
    const trust = { Effect: 'Allow', Principal: { Service: principal }, Action: 'sts:AssumeRole' };
    stage.identities.putRole({ name, arn, trustPolicy: { Version: '2012-10-17', Statement: [trust] } });
    stage.identities.putRolePolicy(name, 'inline', { Version: '2012-10-17', Statement });
    return arn;
  };
  const textOf = async (Key: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    return (Key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  };
  return {
    role: roleFor('warehouse', 'redshift.amazonaws.com', { Effect: 'Allow', Action: 's3:*', Resource: '*' }),
    roleFor,
    upload: (Key, Body) => s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body })),
    download: async (Prefix) => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix }));
      const keys = Contents.map(({ Key }) => Key as string);
      return Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await textOf(key)] as const)));
    },
    close: () => s3.destroy(),
  };
};

/** All rows of a query, with NULL as null and other values as they come. */
export const rowsOf = async (redshift: TestRedshift, sql: string): Promise<unknown[][] | undefined> => {
  const { Records } = await redshift.query(sql);
  return Records?.map((record) => record.map((field) => (field.isNull ? null : (Object.values(field)[0] as unknown))));
};
