import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  AttributeType,
  type ITable,
  ProjectionType,
  Table,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { policyOf, trackingTable, warningsOf } from '../helpers/supplies.ts';
import { addTasker, newApp, newStack, synthesize } from '../helpers/synth.ts';

const owner = { name: 'owner', type: AttributeType.STRING };
const invocationKey = { name: 'invocationKey', type: AttributeType.STRING };
const open = { name: 'open', type: AttributeType.STRING };
const startedAt = { name: 'startedAt', type: AttributeType.NUMBER };

describe('a table that is supplied', () => {
  it('is exposed and used, under the key that it has, and none is made', () => {
    const stack = newStack();
    const key = new Key(stack, 'TableKey');
    const table = trackingTable(stack, { encryptionKey: key });
    const { tasker, template } = synthesize({ table }, stack);
    expect(tasker.table).toBe(table);
    expect(tasker.trackingTable).toBe(table);
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    for (const id of ['Invoker', 'Drain', 'Sweep']) {
      const statements = policyOf(template, `Tasker${id}RoleDefaultPolicy`);
      expect(statements.find(({ Sid }) => Sid === 'UseTable')?.Resource).toMatch(/^\$\{TableKey/);
      expect(JSON.stringify(statements)).toMatch(/\$\{TableCD117FA1.Arn}\/index\/by/);
    }
    expect(warningsOf(stack)).toEqual([]);
  });

  it('may be of another stack, and of the other kind', () => {
    const app = newApp();
    const tables = new Stack(app, 'Tables', { env: { region: 'eu-west-1' } });
    const table = new TableV2(tables, 'Table', {
      partitionKey: owner,
      sortKey: invocationKey,
      timeToLiveAttribute: 'expiresAt',
      encryption: TableEncryptionV2.awsManagedKey(),
      localSecondaryIndexes: [{ indexName: 'byStartedAt', sortKey: startedAt }],
      globalSecondaryIndexes: [{ indexName: 'byOpen', partitionKey: open, sortKey: startedAt }],
    });
    const stack = new Stack(app, 'Stack', { env: { region: 'eu-west-1' } });
    addTasker(stack, { table: table as ITable });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    expect(policyOf(template, 'TaskerSweepRoleDefaultPolicy').map(({ Sid }) => Sid)).not.toContain('UseTable');
  });

  it('may get its indexes after the tasker', () => {
    const stack = newStack();
    const table = new Table(stack, 'Table', {
      partitionKey: owner,
      sortKey: invocationKey,
      timeToLiveAttribute: 'expiresAt',
    });
    addTasker(stack, { table: table as ITable });
    table.addLocalSecondaryIndex({ indexName: 'byStartedAt', sortKey: startedAt });
    table.addGlobalSecondaryIndex({ indexName: 'byOpen', partitionKey: open, sortKey: startedAt });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  it('is refused without the keys, indexes and expiry that handlers need, naming each and what there is', () => {
    const stack = newStack();
    const table = new Table(stack, 'Table', {
      partitionKey: { name: 'owner', type: AttributeType.NUMBER },
      sortKey: invocationKey,
    });
    table.addLocalSecondaryIndex({
      indexName: 'byStartedAt',
      sortKey: startedAt,
      projectionType: ProjectionType.KEYS_ONLY,
    });
    table.addGlobalSecondaryIndex({ indexName: 'byOpen', partitionKey: open });
    addTasker(stack, { table: table as ITable });
    const faults = [
      'table: must have the keys owner (S), invocationKey (S); received "Stack/Table" with owner (N), invocationKey (S)',
      'table: must have the local secondary index byStartedAt on owner (S), startedAt (N), projecting ALL; received "Stack/Table" with owner (N), startedAt (N): KEYS_ONLY',
      'table: must have the global secondary index byOpen on open (S), startedAt (N); received "Stack/Table" with open (S)',
      'table: must have time to live by expiresAt; received "Stack/Table" with none',
    ];
    for (const fault of faults) expect(() => Template.fromStack(stack)).toThrow(fault);
  });

  it('is refused when another tasker has it: each sweep would look at the rows of both', () => {
    const stack = newStack();
    const table = trackingTable(stack);
    addTasker(stack, { table });
    expect(() => addTasker(stack, { table }, 'Second')).toThrow(
      'table: must serve one tasker only, and serves Stack/Tasker; received "Stack/Table"',
    );
  });
});

describe('an imported table', () => {
  it('brings a warning that tells what it must have', () => {
    const stack = newStack();
    const { template } = synthesize({ table: Table.fromTableName(stack, 'Imported', 'rows') }, stack);
    const [warning, ...others] = warningsOf(stack);
    expect(others).toEqual([]);
    for (const part of [
      'table: ',
      'owner (S), invocationKey (S)',
      'byStartedAt',
      'byOpen',
      'expiresAt',
      'encryptionKey',
    ]) {
      expect(warning).toContain(part);
    }
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
  });
});
