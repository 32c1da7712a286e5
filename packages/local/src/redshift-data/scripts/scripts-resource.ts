import { AwsError } from '../../common/aws-error.ts';
import type { StageRequest, StageResource } from '../../gateway/stage-paths.ts';
import { validationError } from '../errors.ts';
import type { StatementScript } from './script.ts';
import type { ScriptHandle, Scripts } from './scripts.ts';

/** Scripts over HTTP: POST gives one, GET lists them, DELETE removes one (by its id in the path) or all. */
export const scriptsResource = (scripts: Scripts): StageResource => ({
  POST: ({ input }) => summary(scripts.add(scriptOf(input))),
  GET: () => ({ scripts: scripts.list().map(summary) }),
  DELETE: (request) => {
    const [id] = request.path;
    if (id === undefined) scripts.clear();
    else if (!scripts.remove(id)) throw unknownScript(id);
  },
});

const summary = ({ id, used }: ScriptHandle) => ({ id, used });

/** JSON has no patterns: `{ "pattern": "^merge", "flags": "i" }` stands for one. */
const scriptOf = (input: StageRequest['input']): StatementScript => {
  const { sql, ...rest } = input as unknown as StatementScript;
  const { pattern, flags } = (sql ?? {}) as { readonly pattern?: unknown; readonly flags?: unknown };
  return { ...rest, sql: pattern === undefined ? sql : regExpOf(pattern, flags ?? '') };
};

const regExpOf = (pattern: unknown, flags: unknown): RegExp => {
  try {
    if (typeof pattern === 'string' && typeof flags === 'string') return new RegExp(pattern, flags);
  } catch {
    // What is wrong with it is told in the same words as for what is no text.
  }
  throw validationError('sql.pattern must be a regular expression, sql.flags its flags');
};

const unknownScript = (id: string): AwsError =>
  new AwsError('ResourceNotFoundException', `There is no script ${id}.`, { status: 404 });
