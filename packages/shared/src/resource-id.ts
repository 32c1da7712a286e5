import { sha256 } from './sql-text.ts';

/** Begins every physical id of ours. Those that CloudFormation makes up begin with the stack's name, which holds no colon. */
const PREFIX = 'sfn-redshift:';
const NOT_CREATED = ':not-created';

/** 64 bits: one resource's ids are told apart, nothing else. */
const HASH_LENGTH = 16;

/** The physical id of what a Create makes: the same for the same work. */
export const createdId = (logicalResourceId: string, work: string): string =>
  `${PREFIX}${logicalResourceId}:${sha256('resource', work).slice(0, HASH_LENGTH)}`;

/** What a Create that has failed is answered with: its Delete, which follows, has nothing to delete. */
export const notCreatedId = (logicalResourceId: string): string => `${PREFIX}${logicalResourceId}${NOT_CREATED}`;

export const isNotCreatedId = (physicalResourceId: string): boolean =>
  physicalResourceId.startsWith(PREFIX) && physicalResourceId.endsWith(NOT_CREATED);

export const isCreatedId = (physicalResourceId: string): boolean =>
  physicalResourceId.startsWith(PREFIX) && !isNotCreatedId(physicalResourceId);
