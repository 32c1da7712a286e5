import type { ApiCall, NeededPermission, ServiceReply } from '../common/service.ts';
import type { Action, ActionDeps } from './actions/action.ts';
import { batchExecuteStatement } from './actions/batch-execute-statement.ts';
import { cancelStatement } from './actions/cancel-statement.ts';
import { describeStatement } from './actions/describe-statement.ts';
import { describeTable } from './actions/describe-table.ts';
import { executeStatement } from './actions/execute-statement.ts';
import { getStatementResult } from './actions/get-statement-result.ts';
import { getStatementResultV2 } from './actions/get-statement-result-v2.ts';
import { listDatabases } from './actions/list-databases.ts';
import { listSchemas } from './actions/list-schemas.ts';
import { listSessions } from './actions/list-sessions.ts';
import { listStatements } from './actions/list-statements.ts';
import { listTables } from './actions/list-tables.ts';
import { CallRates } from './call-rates.ts';
import { Catalog } from './catalog/catalog.ts';
import { CompletionEvents } from './completion-events.ts';
import { throttled, throttledWorkgroup, unknownOperation } from './errors.ts';
import type { RedshiftData, RedshiftDataDeps } from './index.ts';
import { LongPolling } from './long-polling.ts';
import { permissionsFor } from './permissions.ts';
import { Backend } from './postgres/backend.ts';
import { Scripts } from './scripts/scripts.ts';
import { SessionStore } from './sessions/session-store.ts';
import { type StatementRecord, statementRecord } from './statement-record.ts';
import { StatementRunner } from './statement-runner.ts';
import { StatementStore } from './statement-store.ts';

const ACTIONS = new Map<string, Action>([
  ['BatchExecuteStatement', batchExecuteStatement],
  ['CancelStatement', cancelStatement],
  ['DescribeStatement', describeStatement],
  ['DescribeTable', describeTable],
  ['ExecuteStatement', executeStatement],
  ['GetStatementResult', getStatementResult],
  ['GetStatementResultV2', getStatementResultV2],
  ['ListDatabases', listDatabases],
  ['ListSchemas', listSchemas],
  ['ListSessions', listSessions],
  ['ListStatements', listStatements],
  ['ListTables', listTables],
]);

export class RedshiftDataService implements RedshiftData {
  readonly name = 'redshift-data';
  readonly scripts = new Scripts();
  readonly #deps: ActionDeps;
  readonly #backend: Backend;
  readonly #rates: CallRates | undefined;

  constructor(deps: RedshiftDataDeps) {
    const { account, warehouses, secrets, clock, roles, endpoint, postgres, log } = deps;
    this.#rates = deps.limitCallRates ? new CallRates(clock) : undefined;
    const events = new CompletionEvents(deps.events);
    const store = new StatementStore(clock);
    this.#backend = new Backend(postgres.url, { clock, log });
    const copy = { account, roles, endpoint };
    const runner = new StatementRunner({ clock, events, backend: this.#backend, store, copy, scripts: this.scripts });
    const sessions = new SessionStore({ clock, cancel: (statement) => runner.cancel(statement) });
    const catalog = new Catalog(this.#backend, clock);
    this.#deps = { account, warehouses, secrets, store, runner, catalog, sessions, polling: new LongPolling(clock) };
  }

  permissionsFor(call: ApiCall): readonly NeededPermission[] {
    return permissionsFor(call, this.#deps);
  }

  async perform({ operation, input, caller, requestId, http }: ApiCall): Promise<ServiceReply> {
    const action = ACTIONS.get(operation);
    if (!action) throw unknownOperation(operation);
    if (this.#rates?.admits(operation) === false)
      throw typeof input.WorkgroupName === 'string' ? throttledWorkgroup(requestId) : throttled();
    return { output: await action(input, caller, this.#deps, http?.signal) };
  }

  statements(): readonly StatementRecord[] {
    return this.#deps.store.all().map(statementRecord);
  }

  async close(): Promise<void> {
    this.#deps.polling.close();
    await this.#deps.runner.close();
    this.#deps.sessions.close();
    await this.#backend.close();
  }
}
