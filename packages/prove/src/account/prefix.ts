/** The statement-name prefix of the tasker under proof. */
export const PREFIX = 'tasker-1a2b/';

/** Its owner role. */
export const OWNER_ROLE = 'arn:aws:iam::123456789012:role/invoker';
