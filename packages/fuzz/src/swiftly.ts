/** Longer than anything that is in order takes on a machine that is busy with other things; milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * Does some work that must not take long, whatever it is given: a search that tries every way takes years for one text.
 * @throws Error where it took long
 */
export const swiftly = <T>(work: () => T): T => {
  const began = performance.now();
  const result = work();
  const milliseconds = Math.round(performance.now() - began);
  if (milliseconds > PATIENCE_MS) throw new Error(`took ${milliseconds} ms`);
  return result;
};
