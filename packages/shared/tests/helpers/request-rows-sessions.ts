import { execute, inner, type Row, refer, wrongTypes } from './request-rows.ts';

export const SESSION_ID = '0a1b2c3d-0c1d-4e5f-8a9b-0c1d2e3f4a5b';

const SECONDS = 'must be a whole number from 0 to 86400';
const ID = 'must be the id of a session of the Data API (sessionId of an output)';

/** Refusals of what belongs to sessions. */
export const SESSION_ROWS: readonly Row[] = [
  ...wrongTypes('session', 'must be an object', ['object']),
  inner('session', { id: '' }, 'id', ID, '""'),
  inner('session', { id: 7 }, 'id', 'must be a string', '7'),
  inner('session', { id: null }, 'id', 'must be a string', 'null'),
  inner('session', { id: 'mine' }, 'id', ID, '"mine"'),
  inner('session', { keepAliveSeconds: -1 }, 'keepAliveSeconds', SECONDS, '-1'),
  inner('session', { keepAliveSeconds: 86_401 }, 'keepAliveSeconds', SECONDS, '86401'),
  inner('session', { keepAliveSeconds: '60' }, 'keepAliveSeconds', SECONDS, '"60"'),
  inner(
    'session',
    { keepAliveSeconds: 0 },
    'keepAliveSeconds',
    'must be at least 1 where a session is opened, as without session.id',
    '0',
  ),
  inner('session', { name: 's' }, 'name', 'is not a field of a request', '"s"'),
  inner('session', { id: SESSION_ID, database: 'dev' }, 'database', 'is not a field of a request', '"dev"'),
  // A session knows where it runs; a request names no target at all.
  ...['clusterIdentifier', 'workgroupName', 'database', 'dbUser', 'target'].map((field) => ({
    field,
    payload: execute({ session: { id: SESSION_ID }, [field]: 'x' }),
    message: `${field}: is not a field of a request; received "x"`,
  })),
  {
    field: 'session',
    payload: refer('describeStatement', { session: { id: SESSION_ID } }),
    message: `session: does not go with describeStatement; received {"id":"${SESSION_ID}"}`,
  },
];

/** A request with a session. */
export const inSession = (session: object) => execute({ session });
