import { TASK_WISHES } from '@sfn-redshift/shared';

/** What of an item tells of the task that waits, and of what it asks for: absent where the next one does not. */
export const OF_TASK = ['attempt', 'executionArn', ...TASK_WISHES] as const;

/** What of an item tells that its task is gone, or how it was answered. */
export const OF_END = ['outcome', 'delivered', 'closedAt', 'goneSince'] as const;
