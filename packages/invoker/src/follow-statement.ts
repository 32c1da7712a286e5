import { type ReferenceRequest, ResponseTooLarge } from '@sfn-redshift/shared';
import { cancelStatement } from './cancel-statement.ts';
import type { InvokerDependencies } from './dependencies.ts';
import { jsonSafe } from './json-safe.ts';
import { type FoundStatement, findStatement } from './latest.ts';
import { fittingRows, pageStartOf } from './result-page.ts';

/** A state holds 262,144 bytes; the rest is for what the Lambda integration of Step Functions puts around an answer. */
const MAX_RESPONSE_BYTES = 260_000;

type Dependencies = Pick<InvokerDependencies, 'dataApi' | 'table' | 'config' | 'telemetry'>;

/**
 * Describes or cancels a statement, or reads of its result as much as a state holds: the Data API's own answer, as JSON.
 * To cancel a statement that has ended is no error: nothing was cancelled, says the answer.
 * @throws PreviousExecutionNotFound, ResponseTooLarge, or the Data API's refusal.
 */
export const followStatement = async (
  request: ReferenceRequest,
  dependencies: Dependencies,
): Promise<Record<string, unknown>> => {
  const found = await findStatement(request.statement, dependencies);
  return withinLimit(request.action, found.id, await answerOf(request, found, dependencies));
};

const answerOf = async (
  { action, nextToken }: ReferenceRequest,
  found: FoundStatement,
  dependencies: Dependencies,
): Promise<Record<string, unknown>> => {
  switch (action) {
    case 'describeStatement':
      return jsonSafe(await dependencies.dataApi.describe(found.id));
    case 'getStatementResult':
      return await readResult(found.id, nextToken, dependencies);
    case 'cancelStatement':
      return jsonSafe(await cancelStatement(found, dependencies));
  }
};

const readResult = async (id: string, nextToken: string | undefined, { dataApi }: Dependencies) => {
  const start = pageStartOf(nextToken);
  return fittingRows(jsonSafe(await dataApi.result(id, start.token)), start, MAX_RESPONSE_BYTES);
};

// Step Functions would end the execution with States.DataLimitExceeded, which `States.ALL` does not catch.
const withinLimit = <A extends object>(action: string, id: string, answer: A): A => {
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  if (bytes <= MAX_RESPONSE_BYTES) return answer;
  throw new ResponseTooLarge(
    `the answer of ${action} for ${id} has ${bytes} bytes, more than the ${MAX_RESPONSE_BYTES} that fit into a state; select fewer rows or columns, or UNLOAD them to S3`,
  );
};
