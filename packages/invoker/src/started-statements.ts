/** The statements of this invoker's role, by their names. */
export interface StartedStatements {
  /** The id of the statement of exactly this name; undefined where none was started. What it throws is what the SDK throws. */
  find(statementName: string): Promise<string | undefined>;
}

/** Loaded when first needed: only who takes over from an invocation that died must look for what it has started. */
export const liveStartedStatements = (): StartedStatements => {
  let loading: Promise<StartedStatements> | undefined;
  const load = async () => {
    const { listedStatements, liveListClient } = await import('./listed-statements.ts');
    return listedStatements(liveListClient());
  };
  return { find: async (statementName) => await (await (loading ??= load())).find(statementName) };
};
