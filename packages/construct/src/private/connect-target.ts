import type { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RedshiftTargetOptions } from '../redshift-target-props';
import { ENVIRONMENT } from './contract.generated';
import type { Login } from './login';
import type { TargetConnection } from './target-connection';
import type { TargetPlace } from './target-place';
import { checkKeyNotAlias } from './validation';
import type { Warehouse } from './warehouse';
import { useWarehouseKey } from './warehouse-key-access';

/** @throws Error naming the property. */
export const connectTarget = (
  { database, ownerRole, warehouseKey }: RedshiftTargetOptions,
  warehouse: Warehouse,
  login: Login,
): ((stack: Stack) => TargetConnection) => {
  checkKeyNotAlias('warehouseKey', warehouseKey);
  return (stack) => {
    const place: TargetPlace = { stack, account: ownerRole?.env.account ?? stack.account };
    const warehouseArn = warehouse.arn(place);
    return {
      environment: {
        ...warehouse.environment,
        [ENVIRONMENT.database]: database,
        ...login.environment,
        ...(warehouseKey && { [ENVIRONMENT.warehouseKeyArn]: warehouseKey.keyArn }),
      },
      statements: [
        new PolicyStatement({
          sid: 'StartStatements',
          actions: ['redshift-data:BatchExecuteStatement', 'redshift-data:ExecuteStatement'],
          resources: [warehouseArn],
        }),
        ...login.statements(place, warehouseArn),
        ...(warehouseKey ? useWarehouseKey(place, warehouseKey) : []),
      ],
      acknowledgements: warehouse.acknowledgements(place),
      warnings: warehouse.warnings,
      ...(ownerRole && { ownerRole }),
    };
  };
};
