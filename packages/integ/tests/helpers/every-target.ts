import { CfnOutput, type Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnCluster } from 'aws-cdk-lib/aws-redshift';
import { CfnNamespace, CfnWorkgroup } from 'aws-cdk-lib/aws-redshiftserverless';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import { RedshiftTarget, ServerlessWorkgroup, SfnRedshiftTasker } from 'sfn-redshift-tasker';
import { sqlState } from '../../scenarios/sql-state.ts';
import type { Machines } from './test-stage.ts';

/** What the warehouses of a stack are made of. */
interface Parts {
  readonly stack: Stack;
  readonly key: Key;
  readonly workgroup: ServerlessWorkgroup;
  readonly secret: (id: string) => ISecret;
  readonly ownerRole: Role;
}

/** A way to connect: the database user that statements run as, and statements of the role that owns them. */
export interface Way {
  readonly target: (parts: Parts) => RedshiftTarget;
  readonly user: RegExp;
  readonly sids: readonly string[];
}

const START = 'StartStatements';
const KEY = ['LookAtWarehouseKey', 'LetRedshiftUseWarehouseKey'];
const ON_CLUSTER = { clusterIdentifier: 'c1', database: 'dev' };

/** By the id of the tasker. */
export const WAYS: Readonly<Record<string, Way>> = {
  User: {
    target: () => RedshiftTarget.cluster({ ...ON_CLUSTER, dbUser: 'etl' }),
    user: /^etl$/,
    sids: [START, 'EnterCluster'],
  },
  Identity: {
    target: () => RedshiftTarget.clusterWithIamIdentity(ON_CLUSTER),
    user: /^IAMR:Scenarios-IdentityInvokerRole/,
    sids: [START, 'EnterCluster'],
  },
  Login: {
    target: ({ secret }) => RedshiftTarget.clusterWithSecret({ ...ON_CLUSTER, secret: secret('LoginSecret') }),
    user: /^login$/,
    sids: [START, 'ReadSecret', 'DecryptSecret'],
  },
  Group: {
    target: ({ workgroup, key: warehouseKey }) =>
      RedshiftTarget.serverless({ workgroup, database: 'dev', warehouseKey }),
    user: /^IAMR:Scenarios-GroupInvokerRole/,
    sids: [START, 'EnterWorkgroup', ...KEY],
  },
  GroupLogin: {
    target: ({ stack, key: warehouseKey }) =>
      RedshiftTarget.serverlessWithSecret({
        workgroup: ServerlessWorkgroup.fromName('wg1'),
        database: 'dev',
        secret: Secret.fromSecretNameV2(stack, 'ByName', 'plain'),
        warehouseKey,
      }),
    user: /^plain$/,
    sids: [START, 'ReadSecret', ...KEY],
  },
  Owned: {
    target: ({ ownerRole, key: warehouseKey }) =>
      RedshiftTarget.clusterWithIamIdentity({ clusterIdentifier: 'c2', database: 'dev', ownerRole, warehouseKey }),
    user: /^IAMR:Scenarios-Owner/,
    sids: [START, 'EnterCluster', ...KEY, 'FollowOwnStatements'],
  },
};

const partsOf = (stack: Stack): Parts => {
  const key = new Key(stack, 'WarehouseKey');
  const cluster = { clusterType: 'single-node', dbName: 'dev', masterUsername: 'admin', nodeType: 'ra3.large' };
  new CfnCluster(stack, 'One', { ...cluster, clusterIdentifier: 'c1', encrypted: false });
  new CfnCluster(stack, 'Two', { ...cluster, clusterIdentifier: 'c2', encrypted: true, kmsKeyId: key.keyArn });
  const { ref } = new CfnNamespace(stack, 'Space', { namespaceName: 'space', kmsKeyId: key.keyArn });
  const group = new CfnWorkgroup(stack, 'Workgroup', { workgroupName: 'wg1', namespaceName: ref });
  const loginOf = (username: string) => ({
    secretStringTemplate: JSON.stringify({ username }),
    generateStringKey: 'password',
  });
  new Secret(stack, 'Plain', { secretName: 'plain', generateSecretString: loginOf('plain') });
  return {
    stack,
    key,
    workgroup: ServerlessWorkgroup.fromCfnWorkgroup(group),
    secret: (id) =>
      new Secret(stack, id, {
        encryptionKey: new Key(stack, `${id}Key`),
        generateSecretString: loginOf('login'),
      }) as ISecret,
    ownerRole: new Role(stack, 'Owner', { assumedBy: new AccountRootPrincipal() }),
  };
};

/** A tasker and a state machine, which runs the SQL of its input, for each way to connect. */
export const everyTarget = (): Machines => {
  let parts: Parts | undefined;
  return Object.fromEntries(
    Object.entries(WAYS).map(([id, { target }]) => [
      `Run${id}`,
      (stack) => {
        if (parts?.stack !== stack) parts = partsOf(stack);
        const tasker = new SfnRedshiftTasker(stack, id, { target: target(parts), sweep: { enabled: false } });
        new CfnOutput(stack, `${id}Name`, { value: tasker.invoker.functionName });
        return sqlState(stack, `Sql${id}`, tasker, {
          sql: JsonPath.stringAt('$.sql'),
          resultPath: JsonPath.entirePayload,
        });
      },
    ]),
  );
};
