import { NotSupportedError } from '../common/aws-error.ts';

/** What the stage knows of each request, or what its request has on AWS too. In lower case; `*` at the end stands for any rest. */
const GLOBAL_GIVEN = [
  'aws:currenttime',
  'aws:epochtime',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalservicename',
  'aws:principaltag/*',
  'aws:principaltype',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:userid',
  'aws:viaawsservice',
];

/** What a request does not have on AWS either when an account without organization, VPC endpoints, users and MFA makes it. */
const GLOBAL_ABSENT = [
  'aws:assumedroot',
  'aws:chatbotsourcearn',
  'aws:ec2instancesource*',
  'aws:federatedprovider',
  'aws:multifactorauth*',
  'aws:principalorg*',
  'aws:referer',
  'aws:resourceorg*',
  'aws:sourceidentity',
  'aws:sourceorg*',
  'aws:sourcevpc*',
  'aws:username',
  'aws:vpce*',
  'aws:vpcsourceip',
];

/** Per service that runs here: keys that its requests have here as on AWS, or have in neither place. */
const OF_SERVICES: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: ['namespace'],
  dynamodb: [],
  events: ['detail-type', 'source'],
  kms: ['calleraccount', 'encryptioncontext:*', 'encryptioncontextkeys', 'grantisforawsresource', 'viaservice'],
  lambda: ['eventsourcetoken', 'functionarn', 'functionurlauthtype', 'invokedviafunctionurl', 'principal'],
  logs: [],
  redshift: ['dbname', 'dbuser'],
  'redshift-data': ['session-owner-iam-userid', 'statement-owner-iam-userid'],
  'redshift-serverless': [],
  s3: ['prefix'],
  secretsmanager: ['secretid'],
  sqs: [],
  states: ['httpendpoint', 'httpmethod', 'statemachinequalifier'],
  sts: ['externalid', 'rolesessionname', 'sourceidentity', 'transitivetagkeys'],
};

const covers = (known: string, key: string): boolean =>
  known.endsWith('*') ? key.startsWith(known.slice(0, -1)) : known === key;

/** Keys of services that do not run here stand in no request that could be made to the stage. */
const isKnown = (key: string): boolean => {
  const [prefix = '', name = ''] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
  if (prefix === 'aws') return [...GLOBAL_GIVEN, ...GLOBAL_ABSENT].some((known) => covers(known, key));
  return OF_SERVICES[prefix]?.some((known) => covers(known, name)) ?? true;
};

/**
 * Refuses a key that AWS would look up in the requests that are made here, and the stage cannot: taken for absent, it would decide otherwise.
 *
 * @param key in whatever case
 * @throws NotSupportedError by name
 */
export const checkConditionKey = (key: string): void => {
  if (!isKnown(key.toLowerCase())) throw new NotSupportedError(`The condition key ${key} is not supported.`);
};
