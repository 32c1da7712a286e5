/**
 * The worker file beside `moduleUrl`, in the form that runs: `.ts` when the sources are run as they are, `.js` when built.
 * (The compiler rewrites import specifiers only, not URLs.)
 */
export const workerUrl = (moduleUrl: string, name: string): URL =>
  new URL(`./${name}${moduleUrl.endsWith('.ts') ? '.ts' : '.js'}`, moduleUrl);
