import type { ResultStore } from './store-rows.ts';

/** Loaded when first needed: the client of S3 is a quarter of the bundle. */
export const liveResultStore = (): ResultStore => {
  let loaded: Promise<ResultStore> | undefined;
  const load = async () => {
    const { liveS3, s3Store } = await import('./s3-store.ts');
    return s3Store(liveS3());
  };
  return { put: async (...args) => await (await (loaded ??= load())).put(...args) };
};
