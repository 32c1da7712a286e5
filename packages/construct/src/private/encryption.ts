import { Annotations, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { TaskerEncryption } from '../tasker-encryption';
import { describe } from './description';
import { serviceKeyStatements } from './key-policy';

export interface EncryptionProps {
  readonly encryption?: TaskerEncryption;
  readonly encryptionKey?: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** The key that protects everything the tasker stores; undefined where AWS's own keys do. */
export const encryptionKeyOf = (scope: Construct, props: EncryptionProps): kms.IKey | undefined => {
  if (props.encryption === TaskerEncryption.AWS_OWNED) {
    if (props.encryptionKey) {
      throw new Error(
        'encryptionKey: must not be given together with encryption AWS_OWNED, which uses no key of yours',
      );
    }
    return undefined;
  }
  const key = props.encryptionKey ?? createKey(scope, props.removalPolicy);
  letServicesUse(scope, key);
  return key;
};

const createKey = (scope: Construct, removalPolicy: RemovalPolicy): kms.Key =>
  new kms.Key(scope, 'Key', {
    description: describe(scope, 'task tokens, SQL, events and logs of an SfnRedshiftTasker'),
    enableKeyRotation: true,
    removalPolicy,
  });

/** An imported key cannot be changed from here, so whoever owns its policy is told what it must hold. */
const letServicesUse = (scope: Construct, key: kms.IKey): void => {
  const statements = serviceKeyStatements(Stack.of(scope));
  const missing = statements.filter((statement) => !key.addToResourcePolicy(statement, true).statementAdded);
  if (missing.length === 0) return;
  const json = JSON.stringify(
    Stack.of(scope).resolve(missing.map((statement) => statement.toStatementJson() as unknown)),
  );
  Annotations.of(scope).addWarningV2(
    'sfn-redshift-tasker:importedKeyPolicy',
    `encryptionKey: the policy of an imported key is not known here. Without these statements in it EventBridge cannot deliver completion events and CloudWatch Logs refuses the log groups: ${json}`,
  );
};

/** How a queue is encrypted under that choice. */
export const queueEncryption = (
  key: kms.IKey | undefined,
): Pick<sqs.QueueProps, 'encryption' | 'encryptionMasterKey'> =>
  key
    ? { encryption: sqs.QueueEncryption.KMS, encryptionMasterKey: key }
    : { encryption: sqs.QueueEncryption.SQS_MANAGED };
