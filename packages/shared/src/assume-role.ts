import { AssumeRoleCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';

/** Temporary credentials of a role. A client keeps them, and asks for new ones shortly before they expire. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** A session of a role. */
export interface RoleSession {
  readonly roleArn: string;
  /** Under which name the session appears in the account's trail. */
  readonly name: string;
  /** Beyond this policy, JSON, the session may do nothing; without it all that the role may. */
  readonly policy?: string;
}

/** Also the longest that a role may have which was reached through another. */
const SESSION_SECONDS = 3_600;

export const liveSts = (requestHandler: NonNullable<STSClientConfig['requestHandler']>): STSClient =>
  new STSClient({ requestHandler });

/**
 * Takes a role on. An entry of its own beside the contract: it brings the client of STS along, which only some need.
 * @throws what STS answers
 */
export const assumeRole = async (sts: STSClient, { roleArn, name, policy }: RoleSession): Promise<RoleCredentials> => {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: name,
      DurationSeconds: SESSION_SECONDS,
      ...(policy !== undefined && { Policy: policy }),
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new Error('AssumeRole answered without credentials');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
};
