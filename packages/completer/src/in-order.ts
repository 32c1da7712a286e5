/** Runs `work` when all earlier work of the same key has ended, well or not. */
export type InOrder = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/** Work of one key follows one another, work of different keys runs side by side. */
export const inOrderPerKey = (): InOrder => {
  const tails = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const next = (tails.get(key) ?? Promise.resolve()).then(work, work);
    tails.set(key, next);
    return next;
  };
};
