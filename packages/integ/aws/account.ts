import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { CouldNotRunError } from '../runner/stage.ts';

export interface Account {
  readonly id: string;
  readonly region: string;
}

/** Who we are, before anything else is done. @throws CouldNotRunError in one line, without credentials or region */
export const accountOf = async (sts: STSClient): Promise<Account> => {
  try {
    const region = await sts.config.region();
    const { Account: id = '' } = await sts.send(new GetCallerIdentityCommand({}));
    return { id, region };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new CouldNotRunError(
      `no AWS account to be had (${reason}): set AWS_PROFILE and AWS_REGION, or whatever else your AWS tools read`,
    );
  }
};
