import { isReferenceRequest, isResourceEvent, parseTaskRequest } from '@sfn-redshift/shared';
import type { InvokerDependencies } from './dependencies.ts';
import { followStatement } from './follow-statement.ts';
import type { Invocation } from './invocation.ts';
import { startStatement } from './start-statement.ts';

/** A newer sender's unknown fields are listed in the log, up to this many. */
const LISTED_FIELDS = 20;

/** Checks a payload and does what it asks for. */
export const invoke = async (
  payload: unknown,
  invocation: Invocation,
  dependencies: InvokerDependencies,
): Promise<object> => {
  if (isResourceEvent(payload)) {
    // Loaded when first needed: a tasker that serves CloudFormation serves it seldom.
    const { runResource } = await import('./resource/run-resource.ts');
    return await runResource(payload, invocation, dependencies);
  }
  const { request, ignoredFields } = parseTaskRequest(payload);
  if (ignoredFields.length > 0) {
    dependencies.telemetry.warn('fields of a newer sender ignored', {
      fields: ignoredFields.slice(0, LISTED_FIELDS).join(', '),
    });
  }
  return isReferenceRequest(request)
    ? await followStatement(request, dependencies)
    : await startStatement(request, invocation, dependencies);
};
