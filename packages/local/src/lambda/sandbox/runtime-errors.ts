import type { FunctionErrorPayload } from './protocol.ts';

/** An error that the runtime itself raises, under the names that Lambda's Node runtime uses. */
export class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** What a failed invocation answers: anything may be thrown, also what is no Error. */
export const toErrorPayload = (thrown: unknown): FunctionErrorPayload =>
  thrown instanceof Error
    ? { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') }
    : { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };

const MISSING_MODULE = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

/** Failed imports go by names of the runtime's own; what the module itself throws while loading goes by its own name. */
export const importError = (thrown: unknown): unknown => {
  if (!(thrown instanceof Error)) return thrown;
  if ('code' in thrown && MISSING_MODULE.has(String(thrown.code)))
    return new RuntimeError('Runtime.ImportModuleError', `Error: ${thrown.message}`);
  return thrown instanceof SyntaxError ? new RuntimeError('Runtime.UserCodeSyntaxError', String(thrown)) : thrown;
};
