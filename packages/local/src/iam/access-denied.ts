import { AwsError } from '../common/aws-error.ts';
import type { NeededPermission, ServiceName } from '../common/service.ts';

/** Which kind of policy said no, and how. */
export interface Denial {
  readonly policy: 'identity-based' | 'session' | 'resource-based';
  readonly verdict: 'explicitDeny' | 'implicitDeny';
}

/** These two answer 400 where the others answer 403. */
const BAD_REQUEST: readonly ServiceName[] = ['dynamodb', 'states'];
/** The XML protocols leave out the word Exception. */
const XML: readonly ServiceName[] = ['s3', 'sts'];

const because = (action: string, { policy, verdict }: Denial): string =>
  verdict === 'explicitDeny'
    ? `with an explicit deny in ${policy === 'identity-based' ? 'an' : 'a'} ${policy} policy`
    : `because no ${policy} policy allows the ${action} action`;

/** The refusal in the words, and under the name, that `service` uses. */
export const accessDenied = (
  service: ServiceName,
  callerArn: string,
  { action, resource }: NeededPermission,
  denial: Denial,
): AwsError => {
  const message = `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource} ${because(action, denial)}`;
  // SQS has a name of its own for a key that its caller may not use.
  if (service === 'sqs' && action.startsWith('kms:')) return new AwsError('KmsAccessDenied', message);
  const code = XML.includes(service) ? 'AccessDenied' : 'AccessDeniedException';
  return new AwsError(code, message, { status: BAD_REQUEST.includes(service) ? 400 : 403 });
};
