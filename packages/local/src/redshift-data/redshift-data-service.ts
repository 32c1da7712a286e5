import type { ApiCall, NeededPermission, ServiceReply } from '../common/service.ts';
import type { Action, ActionDeps } from './actions/action.ts';
import { cancelStatement } from './actions/cancel-statement.ts';
import { describeStatement } from './actions/describe-statement.ts';
import { executeStatement } from './actions/execute-statement.ts';
import { getStatementResult } from './actions/get-statement-result.ts';
import { listStatements } from './actions/list-statements.ts';
import { unknownOperation } from './errors.ts';
import type { RedshiftData, RedshiftDataDeps } from './index.ts';
import { permissionsFor } from './permissions.ts';
import { Backend } from './postgres/backend.ts';
import { StatementRunner } from './statement-runner.ts';
import { StatementStore } from './statement-store.ts';

const ACTIONS = new Map<string, Action>([
  ['CancelStatement', cancelStatement],
  ['DescribeStatement', describeStatement],
  ['ExecuteStatement', executeStatement],
  ['GetStatementResult', getStatementResult],
  ['ListStatements', listStatements],
]);

export class RedshiftDataService implements RedshiftData {
  readonly name = 'redshift-data';
  readonly #deps: ActionDeps;
  readonly #backend: Backend;

  constructor({ account, warehouses, clock, events, roles, endpoint, postgres, log }: RedshiftDataDeps) {
    const store = new StatementStore(clock);
    this.#backend = new Backend(postgres.url, { clock, log });
    const copy = { account, roles, endpoint };
    const runner = new StatementRunner({ events, backend: this.#backend, store, copy });
    this.#deps = { account, warehouses, store, runner };
  }

  permissionsFor(call: ApiCall): readonly NeededPermission[] {
    return permissionsFor(call, this.#deps);
  }

  perform({ operation, input, caller }: ApiCall): Promise<ServiceReply> {
    // A promise's executor turns what is thrown into a rejection.
    return new Promise((resolve) => {
      const action = ACTIONS.get(operation);
      if (!action) throw unknownOperation(operation);
      resolve({ output: action(input, caller, this.#deps) });
    });
  }

  async close(): Promise<void> {
    await this.#deps.runner.close();
    await this.#backend.close();
  }
}
