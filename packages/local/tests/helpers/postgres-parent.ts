/** A process that starts a PostgreSQL, says where it is, and then waits to be killed. */
import { silentLog } from '../../src/common/log.ts';
import { startEmbeddedPostgres } from '../../src/services/postgres.ts';

const { url } = await startEmbeddedPostgres(silentLog);
process.stdout.write(`${url}\n`);
setInterval(() => undefined, 60_000);
