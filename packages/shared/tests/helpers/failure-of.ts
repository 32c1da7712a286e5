/** What `work` throws. */
export const failureIn = (work: () => unknown): Error => {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

/** Everything that an error tells, as one text. */
export const toldBy = (error: Error): string => `${error.message} ${JSON.stringify(error)} ${String(error.stack)}`;
