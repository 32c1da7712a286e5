import fc, { type Arbitrary } from 'fast-check';
import { sqlText } from './sql-texts.ts';

export interface FuzzRequest {
  readonly operation: string;
  readonly body: string;
}

/** Each operation with the members of its input. */
const INPUTS: Readonly<Record<string, readonly string[]>> = {
  BatchExecuteStatement: [
    'Sqls',
    'ExecutionMode',
    'SessionKeepAliveSeconds',
    'SessionId',
    'WithEvent',
    'StatementName',
  ],
  CancelStatement: ['Id'],
  DescribeStatement: ['Id'],
  DescribeTable: ['Schema', 'Table', 'MaxResults', 'NextToken', 'ConnectedDatabase'],
  ExecuteStatement: ['Sql', 'Parameters', 'ClientToken', 'ResultFormat', 'StatementName', 'WithEvent', 'SessionId'],
  GetStatementResult: ['Id', 'NextToken'],
  GetStatementResultV2: ['Id', 'NextToken'],
  ListDatabases: ['MaxResults', 'NextToken'],
  ListSchemas: ['SchemaPattern', 'MaxResults', 'NextToken', 'ConnectedDatabase'],
  ListSessions: ['SessionId', 'Status', 'RoleLevel', 'MaxResults', 'NextToken', 'Database'],
  ListStatements: ['StatementName', 'Status', 'RoleLevel', 'MaxResults', 'NextToken', 'Database'],
  ListTables: ['SchemaPattern', 'TablePattern', 'MaxResults', 'NextToken'],
};
const TARGETED = /^(Batch|Execute|Describe?Table|List(Databases|Schemas|Tables))/;

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom(
    '',
    '%',
    '_%\\',
    '\0',
    '\ud800',
    '😀',
    'CSV',
    'JSON',
    'ALL',
    'FINISHED',
    'TRANSACTION',
    'AUTO_COMMIT',
  ),
  fc.constantFrom('x'.repeat(3000), '__proto__', 'constructor', '../../etc/passwd', '${jndi:x}', "' or 1 = 1 --"),
);
const id = fc.oneof(
  fc.uuid(),
  fc.uuid().map((uuid) => `${uuid}:1`),
  fc.constantFrom('00000000-0000-0000-0000-000000000000:', '00000000-0000-0000-0000-000000000000:99', 'zzzz'),
);
const parameter = fc.record({ name: fc.oneof(fc.constantFrom('p', 'q'), text), value: fc.oneof(text, fc.integer()) });
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(-1, 0, 1e308, 1.5, 2 ** 53, [[]], { a: null }),
);

/** What would often be taken for each member. */
const PLAUSIBLE: Readonly<Record<string, Arbitrary<unknown>>> = {
  Id: id,
  SessionId: id,
  MaxResults: fc.integer({ min: -1, max: 1001 }),
  Parameters: fc.array(parameter, { maxLength: 3 }),
  RoleLevel: fc.boolean(),
  SessionKeepAliveSeconds: fc.constantFrom(0, 1, 60, 86_400, 86_401),
  Sql: sqlText,
  Sqls: fc.array(sqlText, { maxLength: 4 }),
  WithEvent: fc.boolean(),
};
const TARGET_MEMBERS = {
  Database: fc.oneof({ weight: 20, arbitrary: fc.constant('fuzz') }, { weight: 1, arbitrary: anything }),
  ClusterIdentifier: fc.oneof({ weight: 20, arbitrary: fc.constant('c1') }, { weight: 1, arbitrary: text }),
  DbUser: fc.oneof({ weight: 20, arbitrary: fc.constant('etl') }, { weight: 1, arbitrary: text }),
  WorkgroupName: fc.oneof({ weight: 20, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: text }),
};

const member = (name: string): Arbitrary<unknown> =>
  fc.oneof(
    { weight: 8, arbitrary: PLAUSIBLE[name] ?? text },
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: fc.constant(null) },
  );

const inputOf = (operation: string): Arbitrary<object> => {
  const [required = '', ...others] = INPUTS[operation] ?? [];
  const optional = Object.fromEntries(others.map((name) => [name, member(name)]));
  return fc
    .tuple(
      fc.record({ [required]: member(required) }),
      fc.record(optional, { requiredKeys: [] }),
      TARGETED.test(operation) ? fc.record(TARGET_MEMBERS) : fc.constant({}),
      fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: fc.dictionary(text, anything) }),
    )
    .map((parts) => Object.assign({}, ...parts) as object);
};

const wellFormed = fc
  .constantFrom(...Object.keys(INPUTS))
  .chain((operation) => inputOf(operation).map((input) => ({ operation, body: JSON.stringify(input) })));
const sqlOnly = sqlText.map((Sql) => ({
  operation: 'ExecuteStatement',
  body: JSON.stringify({ Sql, ClusterIdentifier: 'c1', Database: 'fuzz', DbUser: 'etl' }),
}));
const brokenBody = fc
  .tuple(wellFormed, fc.nat(400), fc.string({ unit: 'binary', maxLength: 10 }))
  .map(([{ operation, body }, at, inserted]) => ({
    operation,
    body: body.slice(0, at % (body.length + 1)) + inserted,
  }));
const oddBody = fc.record({
  operation: fc.constantFrom(...Object.keys(INPUTS)),
  body: fc.constantFrom(
    '',
    'null',
    '[]',
    '"x"',
    '{',
    '['.repeat(100_000),
    '{"a":'.repeat(50_000),
    '{"Id":"a","Id":7}',
    '\ufeff{}',
  ),
});
const oddOperation = fc.record({
  operation: fc.constantFrom(
    '',
    'Nothing',
    'executestatement',
    'ExecuteStatement ',
    '__proto__',
    'constructor',
    'a.b',
    '%00',
    'x/y',
  ),
  body: fc.constantFrom('{}', '{"Sql":"select 1"}'),
});

/** Requests of which few are as they should be. */
export const fuzzRequest: Arbitrary<FuzzRequest> = fc.oneof(
  { weight: 8, arbitrary: sqlOnly },
  { weight: 8, arbitrary: wellFormed },
  { weight: 2, arbitrary: brokenBody },
  { weight: 1, arbitrary: oddBody },
  { weight: 1, arbitrary: oddOperation },
);
