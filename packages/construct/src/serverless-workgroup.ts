import type { CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { checkText } from './private/validation';

const ARN = /^arn:[a-z-]+:redshift-serverless:[a-z0-9-]+:\d{12}:workgroup\/[a-z0-9-]+$/;

/** What the Data API takes for one. */
const NAME = /^[a-z0-9-]{3,63}$/;

/** How a serverless workgroup is known. Its ARN ends in an id, which nobody can tell from its name. */
export class ServerlessWorkgroup {
  /** A workgroup of this app. */
  public static fromCfnWorkgroup(workgroup: CfnWorkgroup): ServerlessWorkgroup {
    return new ServerlessWorkgroup(workgroup.ref, workgroup.attrWorkgroupWorkgroupArn);
  }

  /**
   * A workgroup by its ARN, `arn:aws:redshift-serverless:REGION:ACCOUNT:workgroup/ID`.
   *
   * @throws Error when it is not the ARN of a workgroup
   */
  public static fromArn(workgroupArn: string): ServerlessWorkgroup {
    const rule =
      'must be the ARN of a serverless workgroup (arn:PARTITION:redshift-serverless:REGION:ACCOUNT:workgroup/ID)';
    checkText('workgroupArn', workgroupArn, ARN, rule);
    return new ServerlessWorkgroup(workgroupArn, workgroupArn);
  }

  /**
   * A workgroup by its name alone. A role cannot be narrowed by that: it is allowed every workgroup of the account and
   * region, and a warning says so. What may be done there is up to the database.
   *
   * @throws Error when it is not the name of a workgroup
   */
  public static fromName(workgroupName: string): ServerlessWorkgroup {
    checkText('workgroupName', workgroupName, NAME, 'must be 3 to 63 lower-case letters, digits or hyphens');
    return new ServerlessWorkgroup(workgroupName, undefined);
  }

  /**
   * @param _name the Data API knows it by: a name, or an ARN
   * @param _arn undefined where it is not known
   */
  private constructor(
    /** @internal */
    public readonly _name: string,
    /** @internal */
    public readonly _arn: string | undefined,
  ) {}
}
