/**
 * A process of its own that makes, runs and removes one PostgreSQL. Its parent may die in any way, SIGKILL included:
 * the channel to it closes, and all is cleaned up. It is its own session, so a Ctrl-C for the parent's group does not
 * reach it. It owns what it cleans up from before that exists, so there is no moment at which a death leaves anything.
 */
import { rm } from 'node:fs/promises';
import { startCluster } from './postgres-cluster.ts';
import { makeHome } from './postgres-home.ts';
import { aborted } from './postgres-processes.ts';

/** What the keeper tells its parent, once. */
export type KeeperMessage = { readonly url: string } | { readonly error: string };

const stopping = new AbortController();
const stop = () => stopping.abort();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
process.on('disconnect', stop);
if (!process.connected) stop();

/** The parent may be gone: then there is nobody to tell, which is no error. */
const tell = (message: KeeperMessage): void => {
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
};

const keep = async (home: string): Promise<void> => {
  try {
    const { url, server } = await startCluster(home, process.argv[2] as string, stopping.signal);
    tell({ url });
    await Promise.race([server.ended, aborted(stopping.signal)]);
    await server.stop();
  } finally {
    // A program that was killed may still be dying, and writing.
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
};

try {
  if (!stopping.signal.aborted) await keep(await makeHome());
} catch (error) {
  tell({ error: error instanceof Error ? error.message : String(error) });
}
if (process.connected) process.disconnect();
