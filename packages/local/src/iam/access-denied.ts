import { AwsError } from '../common/aws-error.ts';
import type { NeededPermission, ServiceName } from '../common/service.ts';
import type { Denial } from './decision.ts';

/** These answer 400 where the others answer 403. */
const BAD_REQUEST: readonly string[] = ['dynamodb', 'events', 'kms', 'logs', 'states'];
/** The query and XML protocols leave out the word Exception. */
const WITHOUT_EXCEPTION: readonly string[] = ['cloudwatch', 'monitoring', 's3', 'sts'];

const because = (action: string, { policy, verdict }: Denial): string => {
  const name = policy === 'permissions boundary' ? policy : `${policy} policy`;
  if (verdict === 'implicitDeny') return `because no ${name} allows the ${action} action`;
  const article = policy === 'identity-based' ? 'an' : policy === 'role trust' ? 'the' : 'a';
  return `with an explicit deny in ${article} ${name}`;
};

/** What a role's trust policy merely leaves out, STS does not give a reason for. */
const isWithoutReason = ({ policy, verdict }: Denial): boolean => policy === 'role trust' && verdict === 'implicitDeny';

/** SQS writes its own actions in lower case, S3 its resources in quotes. */
const spelled = (service: ServiceName, { action, resource }: NeededPermission) => ({
  action: service === 'sqs' && action.startsWith('sqs:') ? action.toLowerCase() : action,
  resource: service === 's3' && action.startsWith('s3:') ? `"${resource}"` : resource,
});

/** The refusal in the words, and under the name, that `service` uses. */
export const accessDenied = (
  service: ServiceName,
  callerArn: string,
  permission: NeededPermission,
  denial: Denial,
): AwsError => {
  const { action, resource } = spelled(service, permission);
  const reason = isWithoutReason(denial) ? '' : ` ${because(action, denial)}`;
  const message = `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource}${reason}`;
  // SQS has a name of its own for a key that its caller may not use.
  if (service === 'sqs' && action.startsWith('kms:')) return new AwsError('KmsAccessDenied', message);
  const code = WITHOUT_EXCEPTION.includes(service) ? 'AccessDenied' : 'AccessDeniedException';
  return new AwsError(code, message, { status: BAD_REQUEST.includes(service) ? 400 : 403 });
};

/** STS's refusal to hand out a role. */
export const roleNotAssumed = (callerArn: string, roleArn: string, isDenied: boolean): AwsError =>
  accessDenied(
    'sts',
    callerArn,
    { action: 'sts:AssumeRole', resource: roleArn },
    { policy: 'role trust', verdict: isDenied ? 'explicitDeny' : 'implicitDeny' },
  );
