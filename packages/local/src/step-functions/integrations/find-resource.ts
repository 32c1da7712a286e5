import { dynamoDbItems } from './dynamodb-items.ts';
import type { Integration, TaskResource } from './integration.ts';
import { lambdaFunction, lambdaInvoke } from './lambda-invoke.ts';
import { putEvents } from './put-events.ts';
import { s3Objects } from './s3-objects.ts';
import { sdkIntegration } from './sdk-integration.ts';
import { sendMessage } from './send-message.ts';
import { startExecution } from './start-execution.ts';

/** By what follows `arn:aws:states:::`. A further service is a further line here. */
const OPTIMISED: ReadonlyMap<string, Integration> = new Map([
  ['dynamodb', dynamoDbItems],
  ['events', putEvents],
  ['lambda', lambdaInvoke],
  ['sqs', sendMessage],
  ['states', startExecution],
]);

const INTEGRATION = /^arn:[\w-]+:states:[\w-]*:\d*:(?:(aws-sdk):)?(\w+):(\w+)((?:\.[\w:]+)?)$/;
const FUNCTION = /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?$/;

/** What a Task state's `Resource` stands for; undefined for what the stage cannot do. */
export const findResource = (arn: string): TaskResource | undefined => {
  if (FUNCTION.test(arn)) return lambdaFunction(arn);
  const [, sdk, service = '', operation = '', suffix = ''] = INTEGRATION.exec(arn) ?? [];
  const integration = sdk ? sdkOf(service) : OPTIMISED.get(service);
  return integration?.(operation, suffix);
};

const sdkOf = (service: string): Integration => (service === 's3' ? s3Objects : sdkIntegration(service));
