import { foundIn } from '@sfn-redshift/fuzz';
import { TaskerError } from '@sfn-redshift/shared';
import type { Context } from 'aws-lambda';
import type { InvokerDependencies } from '../../src/dependencies.ts';
import { makeHandler } from '../../src/make-handler.ts';
import type { RecordedTelemetry } from '../helpers/dependencies.ts';
import { SECRETS } from '../helpers/requests.ts';

/** In an error the SQL may be told, shortened; in a log line never. */
const { sql: SQL, ...NEVER_TOLD } = SECRETS;

/** As much of a token is as good as the whole. */
const FORBIDDEN = [...Object.values(NEVER_TOLD), SECRETS.taskToken.slice(0, 24)];

type Dependencies = InvokerDependencies & { readonly telemetry: RecordedTelemetry };

/**
 * Hands the payload to the real handler; gives its answer, or undefined where it refused as it should.
 * @throws Error where something other than an error of ours has left, or a secret was told
 */
export const handled = async (payload: unknown, remainingMs: number, dependencies: Dependencies) => {
  const context = { awsRequestId: 'lambda-request-1', getRemainingTimeInMillis: () => remainingMs } as Context;
  const { telemetry } = dependencies;
  const published = telemetry.published;
  const answer = await makeHandler(dependencies)(payload, context).catch(refusal);
  mustNotTell('the log', JSON.stringify([telemetry.lines, telemetry.counts]), [...FORBIDDEN, SQL]);
  if (telemetry.published !== published + 1) throw new Error('the counts were not published once');
  if (answer === undefined) return undefined;
  mustNotTell('the answer', JSON.stringify(answer), FORBIDDEN);
  return answer;
};

/** Lambda reports the name, text and stack of what a handler throws, and every property that it carries. */
const refusal = (error: unknown): undefined => {
  if (!(error instanceof TaskerError)) throw error;
  mustNotTell(
    error.name,
    `${error.message} ${JSON.stringify(error)} ${String(error.stack)} ${String(error.cause)}`,
    FORBIDDEN,
  );
};

const mustNotTell = (what: string, told: string, secrets: readonly string[]): void => {
  const found = foundIn(told, secrets);
  if (found.length > 0) throw new Error(`${what} tells ${found.join(', ')}`);
};
