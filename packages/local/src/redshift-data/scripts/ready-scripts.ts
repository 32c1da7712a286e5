import type { StatementScript } from './script.ts';

const HOUR_MS = 3600 * 1000;

/** The parts of errors of Redshift's compute nodes, as the leader node writes them. */
const nodeError = (title: string, parts: Readonly<Record<string, string>>): string =>
  [
    `ERROR: ${title}`,
    '  Detail: ',
    '  -----------------------------------------------',
    ...Object.entries(parts).map(([name, value]) => `  ${`${name}:`.padEnd(11)}${value}`),
    '  -----------------------------------------------',
  ].join('\n');

/**
 * What Redshift does and PostgreSQL cannot be made to do. Numbers in the texts (tables, transactions, queries, processes) are invented.
 * Where each text is from stands in the README, under "Scripted statements".
 */
export const READY_SCRIPTS = {
  /** Another transaction changed what this one read. Trying again helps. */
  serializationConflict: {
    error:
      'ERROR: 1023\n  Detail: Serializable isolation violation on table - 100167, ' +
      'transactions forming the cycle are: 55705701, 55705754 (pid:1073815670)',
  },
  diskFull: {
    error: nodeError('Disk Full', {
      error: 'Disk Full',
      code: '1016',
      context: 'node: 0',
      query: '1005177',
      location: 'fdisk_api.cpp:345',
      process: 'query0_66 [pid=27629]',
    }),
  },
  /** A queue's timeout; Redshift words it as if a user had cancelled the query. */
  wlmTimeout: { error: "ERROR: Query (1005178) cancelled on user's request" },
  /** A query monitoring rule, or the system under load. */
  systemAbort: {
    error: nodeError('abort query', {
      error: 'abort query',
      code: '1020',
      context: 'system requested abort',
      query: '1005179',
      location: 'queryabort.cpp:347',
      process: 'padbmaster [pid=13787]',
    }),
  },
  /** The words are the stage's own. */
  pausedWarehouse: { error: 'ERROR: The warehouse is paused; connections to it are not available.' },
  /** The longest that a statement may run on a workgroup; a cluster gives it a second more. */
  fullDay: { durationMs: 24 * HOUR_MS - 1000 },
  /** One that the limit of 24 hours ends; that it ends ABORTED without a text is the stage's own reading. */
  overLimit: { durationMs: 24 * HOUR_MS, state: 'ABORTED' },
} as const satisfies Readonly<Record<string, Omit<StatementScript, 'sql' | 'like'>>>;

export type ReadyScriptName = keyof typeof READY_SCRIPTS;

export const isReadyScript = (name: unknown): name is ReadyScriptName =>
  typeof name === 'string' && Object.hasOwn(READY_SCRIPTS, name);
