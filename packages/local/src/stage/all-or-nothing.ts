/**
 * Runs tasks at the same time. When one fails, the others are told by their signal to give up, and are waited for, so that nothing goes on
 * behind the failure.
 *
 * @throws what failed first
 */
export const allOrNothing = async <T extends readonly ((signal: AbortSignal) => Promise<unknown>)[]>(
  tasks: T,
  signal: AbortSignal,
): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }> => {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const work = tasks.map(async (task) => {
    try {
      return await task(either);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(work);
  either.throwIfAborted();
  return (await Promise.all(work)) as { -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> };
};
