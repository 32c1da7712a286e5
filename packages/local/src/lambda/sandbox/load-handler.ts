import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { importError, RuntimeError } from './runtime-errors.ts';

export type Handler = (event: unknown, context: object) => unknown;

const EXTENSIONS = ['.js', '.mjs', '.cjs'];

/**
 * The function that `handler` (`folder/file.export`, the export possibly nested) names below `taskRoot`.
 *
 * @throws RuntimeError under the names of Lambda's Node runtime, or whatever the module throws while it loads
 */
export const loadHandler = async (taskRoot: string, handler: string): Promise<Handler> => {
  const { folder, file, exportPath } = parseHandler(handler);
  const module = await importModule(findFile(path.join(taskRoot, folder, file), file));
  const found = lookUp(module, exportPath) ?? lookUp(module.default, exportPath);
  if (typeof found !== 'function') throw notFound(handler, found);
  if (found.length > 2) throw callbackStyle();
  return found as Handler;
};

const parseHandler = (handler: string) => {
  const folder = handler.slice(0, handler.lastIndexOf('/') + 1);
  const [, file, exportPath] = /^([^.]*)\.(.+)$/.exec(handler.slice(folder.length)) ?? [];
  if (!file || !exportPath) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  return { folder, file, exportPath: exportPath.split('.') };
};

const findFile = (base: string, name: string): string => {
  const found = EXTENSIONS.map((extension) => base + extension).find((file) => existsSync(file));
  if (!found) throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${name}'`);
  return found;
};

const importModule = async (file: string): Promise<Record<string, unknown>> => {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (thrown) {
    throw importError(thrown);
  }
};

const lookUp = (from: unknown, keys: readonly string[]): unknown =>
  keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], from);

const notFound = (handler: string, found: unknown): RuntimeError =>
  new RuntimeError(
    'Runtime.HandlerNotFound',
    `${handler} ${found === undefined ? 'is undefined or not exported' : 'is not a function'}`,
  );

/** Callbacks are gone from nodejs24.x on; the stage runs every Node runtime as that one. */
const callbackStyle = (): RuntimeError =>
  new RuntimeError(
    'Runtime.CallbackHandlerDeprecated',
    'Handlers with a callback parameter are not supported by this Node.js runtime: use an async function',
  );
