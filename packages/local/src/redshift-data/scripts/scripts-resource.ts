import { AwsError } from '../../common/aws-error.ts';
import { patternIn } from '../../common/pattern-json.ts';
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

const scriptOf = (input: StageRequest['input']): StatementScript => {
  const { sql, ...rest } = input as unknown as StatementScript;
  const pattern = patternIn(sql);
  if (pattern === null) throw validationError('sql.pattern must be a regular expression, sql.flags its flags');
  return { ...rest, sql: pattern ?? sql };
};

const unknownScript = (id: string): AwsError =>
  new AwsError('ResourceNotFoundException', `There is no script ${id}.`, { status: 404 });
