import fc from 'fast-check';
import type { NeededPermission, PolicyDocument } from '../../src/common/service.ts';
import { account } from './gateway.ts';

/** Generates requests, and policies that are about them often enough. */

const { accountId, region } = account;
export const ROLE_ARN = `arn:aws:iam::${accountId}:role/r`;
export const SESSION_ARN = `arn:aws:sts::${accountId}:assumed-role/r/s`;
const ROOT = `arn:aws:iam::${accountId}:root`;
export const OTHER_ROLE = `arn:aws:iam::${accountId}:role/other`;
const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
export const QUEUE = arn('sqs', 'queue-blue');
export const KEY = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');
const TABLE = arn('dynamodb', 'table/blue');
const BUCKET = 'arn:aws:s3:::data/in/1.csv';
export const TAGS = { team: 'blue' };

type Statement = Readonly<Record<string, unknown>>;
type Values = fc.Arbitrary<readonly string[]>;

const some = (...values: readonly string[]): Values => fc.subarray([...values], { minLength: 1, maxLength: 2 });
/** Some of the cases only have these keys. */
const now = '2026-05-05T05:05:05Z';
const ALWAYS = { 'aws:CurrentTime': now, 'aws:PrincipalTag/team': TAGS.team };
const sometimes = fc.record(
  {
    'aws:MultiFactorAuthAge': fc.constantFrom('0', '10', '-5', '10.5'),
    'aws:MultiFactorAuthPresent': fc.constantFrom('true', 'false'),
    'aws:PrincipalOrgPaths': fc.subarray(['o-1/r-1/', 'o-1/r-1/ou-2/', 'o-9/'], { minLength: 1 }),
    'aws:SourceIp': fc.constantFrom('10.1.2.3', '10.200.0.1', '2001:db8::1', '127.0.0.1'),
    'aws:SourceVpc': fc.constantFrom('vpc-1', 'VPC-1', 'vpc-2'),
    'aws:SourceArn': fc.constantFrom(arn('events', 'rule/r'), arn('lambda', 'function:f:live'), arn('sqs', 'q')),
    'aws:referer': fc.constantFrom('YWJj', 'YWJk'),
  },
  { requiredKeys: [] },
);

const asked = (actions: readonly string[], resource: string): fc.Arbitrary<NeededPermission> =>
  fc
    .record({ action: fc.constantFrom(...actions), context: sometimes })
    .map(({ action, context }) => ({ action, resource, context: { ...ALWAYS, ...context } }));

export const onQueue = asked(['sqs:SendMessage', 'sqs:ReceiveMessage'], QUEUE);
export const onKey = asked(['kms:Decrypt', 'kms:GenerateDataKey'], KEY);
export const onRole = asked(['sts:AssumeRole'], OTHER_ROLE);
export const anywhere = fc.oneof(
  onQueue,
  onKey,
  asked(['dynamodb:GetItem', 'dynamodb:UpdateItem'], TABLE),
  asked(['s3:GetObject'], BUCKET),
  asked(['sqs:ListQueues'], '*'),
);

const ACTIONS = some(
  '*',
  'sqs:*',
  'SQS:send*',
  'sqs:?eceiveMessage',
  'sqs:List*',
  'dynamodb:GetItem',
  'dynamodb:*Item',
  'kms:Decrypt',
  'KMS:gen*',
  's3:Get*',
  'sts:*',
);
const RESOURCES = [
  '*',
  QUEUE,
  arn('sqs', 'queue-????'),
  arn('sqs', 'queue-*'),
  arn('sqs', 'other'),
  `arn:aws:sqs:*:${accountId}:queue-blue`,
  'arn:aws:sqs:eu-*:*:*',
  `arn:aws:sqs:${region}:999999999999:queue-blue`,
  'arn:aws:*:*:*:*',
  'arn:aws-cn:*:*:*:*',
  TABLE,
  arn('dynamodb', 'table/*'),
  arn('dynamodb', 'table/${aws:PrincipalTag/team}'),
  arn('dynamodb', "table/${aws:PrincipalTag/none, 'blue'}"),
  arn('dynamodb', 'table/${*}'),
  arn('dynamodb', 'table/blue/index/i'),
  KEY,
  arn('kms', 'key/*'),
  'arn:aws:s3:::data/*',
  'arn:aws:s3:::*/1.csv',
  'arn:aws:s3:::data',
  OTHER_ROLE,
];
/**
 * Not in NotResource. Of a variable without a value AWS says that it matches no resource there; the simulator, that the statement is void. A
 * shortened ARN of another service takes the simulator for void too. (Nor in a queue's name: its variables confuse the simulator.)
 */
const ONLY_IN_RESOURCE = [arn('dynamodb', 'table/${aws:username}'), 'arn:aws:sqs:*', 'arn:aws:dynamodb:*'];

const compared = (names: readonly string[], key: string, values: Values): fc.Arbitrary<Statement> =>
  fc.record({ name: fc.constantFrom(...names), values }).map(({ name, values }) => ({ [name]: { [key]: values } }));

/** With and without IfExists; ForAnyValue only without it, as of an absent key AWS's pages say one thing and the oracle another. */
const qualified = (...names: readonly string[]): readonly string[] =>
  names.flatMap((name) => [name, name, `${name}IfExists`, `ForAllValues:${name}`, `ForAnyValue:${name}`]);

const STRINGS = ['StringEquals', 'StringLike', 'StringEqualsIgnoreCase'];
const NOT_STRINGS = ['StringNotEquals', 'StringNotLike', 'StringNotEqualsIgnoreCase'];
const ARNS = ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'];
const NUMBERS = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];

const CONDITIONS: readonly fc.Arbitrary<Statement>[] = [
  compared(
    qualified(...STRINGS, ...NOT_STRINGS),
    'aws:RequestedRegion',
    some(region, 'us-east-1', 'eu-*', 'EU-CENTRAL-1'),
  ),
  compared(qualified(...STRINGS, ...NOT_STRINGS), 'AWS:sourcevpc', some('vpc-1', '*', 'vpc-?')),
  compared(
    qualified(...STRINGS, ...NOT_STRINGS),
    'aws:PrincipalTag/team',
    some('blue', 'red', 'b*', '${aws:PrincipalTag/team}'),
  ),
  // A variable without a value: only where both say the same of it.
  compared(qualified(...STRINGS), 'aws:PrincipalTag/team', some('${aws:username}', "${aws:username, 'blue'}", 'red')),
  compared(
    qualified(...STRINGS, ...NOT_STRINGS),
    'aws:PrincipalAccount',
    some(accountId, '999999999999', '${aws:ResourceAccount}'),
  ),
  compared(qualified(...STRINGS, ...NOT_STRINGS), 'aws:PrincipalOrgPaths', some('o-1/r-1/', 'o-1/*', 'o-9/')),
  compared(
    qualified(...ARNS),
    'aws:PrincipalArn',
    some(
      ROLE_ARN,
      'arn:aws:iam::*:role/*',
      OTHER_ROLE,
      'arn:*:iam::*:role/?',
      'arn:aws:iam::${aws:PrincipalAccount}:role/r',
    ),
  ),
  compared(
    qualified(...ARNS),
    'aws:SourceArn',
    some(arn('events', 'rule/r'), 'arn:aws:lambda:*:*:function:*', 'arn:aws:*:*:*:*'),
  ),
  compared(qualified('Bool'), 'aws:SecureTransport', some('true', 'false', 'TRUE')),
  compared(qualified('Bool'), 'aws:MultiFactorAuthPresent', some('true', 'false')),
  compared(['Null'], 'aws:SourceVpc', fc.constantFrom(['true'], ['false'], ['true', 'false'])),
  compared(
    qualified('IpAddress', 'NotIpAddress'),
    'aws:SourceIp',
    some('10.0.0.0/8', '10.1.2.3', '0.0.0.0/0', '2001:db8::/32', '::/0'),
  ),
  compared(
    qualified(...NUMBERS.map((name) => `Date${name}`)),
    'aws:CurrentTime',
    some('2020-01-01T00:00:00Z', now, '2090-01-01', '2026-05-05T07:05:05+02:00'),
  ),
  compared(
    qualified(...NUMBERS.map((name) => `Numeric${name}`)),
    'aws:MultiFactorAuthAge',
    some('10', '0', '10.5', '-5'),
  ),
  compared(qualified('BinaryEquals'), 'aws:referer', some('YWJj', 'YWJk')),
];
const CONDITION = fc.oneof(...CONDITIONS);
/** Two operators, both of which have to hold. */
const TWO_CONDITIONS = fc.tuple(CONDITION, CONDITION).map(([one, other]) => ({ ...one, ...other }));
const conditions = fc.option(fc.oneof({ weight: 3, arbitrary: CONDITION }, { weight: 1, arbitrary: TWO_CONDITIONS }), {
  nil: undefined,
  freq: 1,
});

const EFFECT = fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny');
const element = (name: string, values: Values, notValues = values): fc.Arbitrary<Statement> =>
  fc.oneof(
    { weight: 4, arbitrary: values.map((list) => ({ [name]: list })) },
    { weight: 1, arbitrary: notValues.map((list) => ({ [`Not${name}`]: list })) },
  );

const statementOf = (
  resources: fc.Arbitrary<Statement>,
  principals: fc.Arbitrary<Statement> | undefined = undefined,
): fc.Arbitrary<Statement> =>
  fc
    .record({
      Effect: EFFECT,
      action: element('Action', ACTIONS),
      resource: resources,
      principal: principals ?? fc.constant({}),
      Condition: conditions,
    })
    .map(({ Effect, action, resource, principal, Condition }) => ({
      Effect,
      ...action,
      ...resource,
      ...principal,
      ...(Condition ? { Condition } : {}),
    }));

const policyOf = (statement: fc.Arbitrary<Statement>): fc.Arbitrary<PolicyDocument> =>
  fc.array(statement, { minLength: 1, maxLength: 3 }).map((Statement) => ({ Version: '2012-10-17', Statement }));

const somePolicy = policyOf(
  statementOf(element('Resource', some(...RESOURCES, ...ONLY_IN_RESOURCE), some(...RESOURCES))),
);

const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };
const openedUp = somePolicy.map(({ Statement }) => ({
  Version: '2012-10-17',
  Statement: [EVERYTHING, ...(Statement as readonly object[])],
}));

/** What roles, boundaries and sessions have. Every other one allows all that it does not deny: else little would be allowed by several. */
export const policy = fc.oneof(somePolicy, openedUp);

const named = [
  { AWS: ROLE_ARN },
  { AWS: ROOT },
  { AWS: accountId },
  { AWS: [OTHER_ROLE, ROLE_ARN] },
  { AWS: OTHER_ROLE },
];
const direct = ['*', { AWS: '*' }, { AWS: SESSION_ARN }, { AWS: [OTHER_ROLE, SESSION_ARN] }];
const services = [{ Service: 'events.amazonaws.com' }, { Service: 's3.amazonaws.com' }];

const principals = (list: readonly unknown[]) => fc.constantFrom(...list).map((Principal) => ({ Principal }));

/** With all of account, role and session or with none of them: that one alone does not spare a session is AWS's word, not the oracle's. */
const notPrincipals = fc
  .constantFrom({ AWS: [ROOT, ROLE_ARN, SESSION_ARN] }, { AWS: OTHER_ROLE }, { Service: 'events.amazonaws.com' })
  .map((NotPrincipal) => ({ NotPrincipal, Effect: 'Deny' }));

const resourcePolicy = (which: fc.Arbitrary<Statement>) =>
  policyOf(statementOf(fc.constantFrom({ Resource: '*' }, { Resource: '*' }, { Resource: QUEUE }), which));

/** Policies of resources that name sessions, roles, accounts and everybody. */
export const policyForAnybody = resourcePolicy(
  fc.oneof(
    { weight: 5, arbitrary: principals([...named, ...direct, ...services]) },
    { weight: 1, arbitrary: notPrincipals },
  ),
);

/** Without names for the session itself: what a session policy means to these, AWS and the oracle see differently. */
export const policyForRoles = resourcePolicy(principals([...named, ...services]));

/** Without a Resource, which trust policies must not have. */
export const trustPolicy = policyOf(statementOf(fc.constant({}), principals([...named, ...direct, ...services])));
