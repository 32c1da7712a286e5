import type { FunctionName } from '../schedule.ts';

/** The statement-name prefix of the tasker under proof. */
export const PREFIX = 'tasker-1a2b/';

/** The role of a function. */
export const roleOf = (name: FunctionName): string => `arn:aws:iam::123456789012:role/${name}`;

/** Its owner role: statements are the invoker's. */
export const OWNER_ROLE = roleOf('invoker');
