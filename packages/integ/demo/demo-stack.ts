import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { RedshiftTarget, SfnRedshiftTasker } from 'sfn-redshift-tasker';
import { workflow } from './workflow.ts';

/** A bucket of CSV files, a tasker, and a state machine that loads the one with the other. */
export class DemoStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const bucket = new Bucket(this, 'Data', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const copyRole = new Role(this, 'CopyRole', { assumedBy: new ServicePrincipal('redshift.amazonaws.com') });
    bucket.grantRead(copyRole);
    const tasker = new SfnRedshiftTasker(this, 'Tasker', {
      target: RedshiftTarget.cluster({ clusterIdentifier: 'demo', database: 'flights', dbUser: 'etl' }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const definition = workflow(this, { tasker, bucketName: bucket.bucketName, copyRoleArn: copyRole.roleArn });
    const machine = new StateMachine(this, 'Workflow', { definitionBody: DefinitionBody.fromChainable(definition) });
    new CfnOutput(this, 'BucketName', { value: bucket.bucketName });
    new CfnOutput(this, 'StateMachineArn', { value: machine.stateMachineArn });
  }
}
