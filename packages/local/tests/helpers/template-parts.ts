/** Pieces of CloudFormation templates that apps of tests share. */

export const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

export const allow = (Action: string | readonly string[], Resource: unknown = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
});

/** A role that a service may take on. */
export const roleFor = (service: string, ...statements: readonly object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    },
    Policies: [{ PolicyName: 'inline', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
});

/** Lets EventBridge send to a queue of the template. */
export const openToEvents = (queue: string) => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ ...allow('sqs:SendMessage', arnOf(queue)), Principal: { Service: 'events.amazonaws.com' } }],
    },
    Queues: [{ Ref: queue }],
  },
});
