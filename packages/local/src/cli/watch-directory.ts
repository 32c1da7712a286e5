import { type FSWatcher, watch } from 'node:fs';
import path from 'node:path';

/** How long nothing may happen before a burst of changes counts as over. */
const QUIET_MS = 250;

/**
 * Calls `onChange` when something has changed directly in a directory and then kept still for a moment; also when the directory itself was
 * replaced or removed. What lies deeper is not looked at: who writes an assembly writes its manifest last.
 *
 * `fs.watch` instead of a library: one directory and its parent, without recursion, are what it does well everywhere; what libraries add
 * (globs, polling, recursion) is not needed here.
 *
 * @param onProblem told when the system refuses to watch
 */
export const watchDirectory = (
  directory: string,
  onChange: () => void,
  onProblem: (error: Error) => void,
): { close(): void } => {
  const whole = path.resolve(directory);
  let quiet: NodeJS.Timeout | undefined;
  let inner: FSWatcher | undefined;
  const noted = () => {
    clearTimeout(quiet);
    quiet = setTimeout(onChange, QUIET_MS);
  };
  const watchInner = () => {
    inner?.close();
    inner = watched(whole, noted, (error) => {
      // Gone, perhaps for a moment only: the parent tells when it is back.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onProblem(error);
    });
  };
  const seenFromOutside = (_: string, name: string | null) => {
    if (name !== null && name !== path.basename(whole)) return;
    watchInner();
    noted();
  };
  const outer = watched(path.dirname(whole), seenFromOutside, onProblem);
  watchInner();
  return {
    close: () => {
      clearTimeout(quiet);
      inner?.close();
      outer?.close();
    },
  };
};

const watched = (
  directory: string,
  listener: (event: string, name: string | null) => void,
  onError: (error: Error) => void,
): FSWatcher | undefined => {
  try {
    return watch(directory, { persistent: false }, listener).on('error', onError);
  } catch (error) {
    onError(error as Error);
    return undefined;
  }
};
