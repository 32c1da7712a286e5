import { type ReferenceRequest, ResponseTooLarge } from '@sfn-redshift/shared';
import type { InvokerDependencies } from './dependencies.ts';
import { jsonSafe } from './json-safe.ts';
import { statementIdOf } from './latest.ts';

/** A state holds 262,144 bytes; the rest is for what the Lambda integration of Step Functions puts around an answer. */
const MAX_RESPONSE_BYTES = 260_000;

type Dependencies = Pick<InvokerDependencies, 'dataApi' | 'table' | 'config'>;

/**
 * Describes or cancels a statement, or reads a page of its result: the Data API's own answer, as JSON.
 * @throws PreviousExecutionNotFound, ResponseTooLarge, or the Data API's refusal.
 */
export const followStatement = async (
  request: ReferenceRequest,
  dependencies: Dependencies,
): Promise<Record<string, unknown>> => {
  const id = await statementIdOf(request.statement, dependencies);
  const answer = jsonSafe(await call(request, id, dependencies.dataApi));
  return withinLimit(request.action, id, answer);
};

const call = ({ action, nextToken }: ReferenceRequest, id: string, dataApi: Dependencies['dataApi']) => {
  switch (action) {
    case 'describeStatement':
      return dataApi.describe(id);
    case 'getStatementResult':
      return dataApi.result(id, nextToken);
    case 'cancelStatement':
      return dataApi.cancel(id);
  }
};

// Step Functions would end the execution with States.DataLimitExceeded, which `States.ALL` does not catch.
const withinLimit = <A extends object>(action: string, id: string, answer: A): A => {
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  if (bytes <= MAX_RESPONSE_BYTES) return answer;
  throw new ResponseTooLarge(
    `the answer of ${action} for ${id} has ${bytes} bytes, more than the ${MAX_RESPONSE_BYTES} that fit into a state; select fewer rows or columns, or UNLOAD them to S3`,
  );
};
