import type { TestProject } from 'vitest/node';
import { silentLog } from '../../src/common/log.ts';
import { startEmbeddedPostgres } from '../../src/services/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's URL of the PostgreSQL that all test files of a run share; each makes databases of its own on it. */
    readonly postgresUrl: string;
  }
}

/** Once a run, in vitest's own process; the server ends with that, however it ends, SIGKILL included. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const postgres = await startEmbeddedPostgres(silentLog);
  project.provide('postgresUrl', postgres.url);
  return () => postgres.close();
};
