import { inOrderPerKey } from '../in-order.ts';
import type { ResultStore } from './store-rows.ts';

/** Loaded when first needed: the client of S3 is a fifth of the bundle. */
export const liveResultStore = (): ResultStore => {
  let loaded: Promise<ResultStore> | undefined;
  const load = async () => {
    const { liveS3, s3Store } = await import('./s3-store.ts');
    return s3Store(liveS3());
  };
  return oneAtATime({ put: async (...args) => await (await (loaded ??= load())).put(...args) });
};

/** A batch of messages may have many results, each of which takes tens of megabytes of memory while it is written. */
export const oneAtATime = (store: ResultStore): ResultStore => {
  const inOrder = inOrderPerKey();
  return { put: (...args) => inOrder('put', () => store.put(...args)) };
};
