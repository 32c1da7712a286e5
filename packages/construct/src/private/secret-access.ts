import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { type TargetPlace, viaService } from './target-place';

/** What the Data API is told of a secret: its ARN, or its name where only the beginning of the ARN is known. */
export const secretIdOf = (secret: ISecret): string =>
  secret.secretFullArn ?? nameIn(Stack.of(secret), secret.secretArn);

/** Not CDK's `secretName`: that takes the last word of a name for Secrets Manager's suffix if it has six letters. */
const nameIn = (stack: Stack, partialArn: string): string =>
  stack.splitArn(partialArn, ArnFormat.COLON_RESOURCE_NAME).resourceName ?? partialArn;

/** Not CDK's `grantRead`: that also lets the role describe the secret. */
export const readSecret = (place: TargetPlace, secret: ISecret): PolicyStatement[] => {
  // Secrets Manager ends ARNs with a hyphen and six characters of its own.
  const secretArn = secret.secretFullArn ?? `${secret.secretArn}-??????`;
  const { encryptionKey } = secret;
  const read = new PolicyStatement({
    sid: 'ReadSecret',
    actions: ['secretsmanager:GetSecretValue'],
    resources: [secretArn],
  });
  if (!encryptionKey) return [read];
  const decrypt = new PolicyStatement({
    sid: 'DecryptSecret',
    actions: ['kms:Decrypt'],
    resources: [encryptionKey.keyArn],
    conditions: {
      StringLike: { ...viaService(place, 'secretsmanager'), 'kms:EncryptionContext:SecretARN': secretArn },
    },
  });
  return [read, decrypt];
};
