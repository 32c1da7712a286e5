import { ABSENT } from './absent.ts';
import { AGGREGATES } from './aggregates.ts';
import { DATES } from './dates.ts';
import { SUPER } from './super.ts';
import { TEXTS } from './texts.ts';

/**
 * Makes a new PostgreSQL database know the functions and types that Redshift has, and no others. All lies in `pg_catalog`,
 * which comes first in every search path and where users may make nothing: what is ours cannot be replaced or hidden.
 */
export const DIALECT = [ABSENT, TEXTS, DATES, AGGREGATES, SUPER].join('\n');
