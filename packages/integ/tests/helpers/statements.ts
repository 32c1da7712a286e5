/** Billions of rows from what every database has: runs until it is cancelled. */
export const SLOW = 'select count(*) from pg_attribute a, pg_attribute b, pg_attribute c, pg_attribute d';
