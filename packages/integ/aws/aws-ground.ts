import { CancelStatementCommand, paginateListStatements, type RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import type { Ground, Statement } from '../scenarios/ground.ts';
import type { ScenarioStacks } from '../scenarios/scenario-stacks.ts';
import { sdkWorld } from '../scenarios/sdk-world.ts';
import { type ClientOptions, type Clients, dataApiAs } from './clients.ts';
import { realSurroundings } from './real-surroundings.ts';
import type { Timing } from './timing.ts';

export interface AwsGround extends Ground {
  /** Cancels what runs; does not wait for its end. */
  cancelAll(): Promise<void>;
  destroy(): void;
}

interface GroundParts {
  readonly clients: Clients;
  readonly options: ClientOptions;
  /** The Data API, where it is not the account's own. */
  readonly dataApi?: { readonly client: RedshiftDataClient };
  readonly stacks: ScenarioStacks;
  readonly timing: Timing;
  readonly signal: AbortSignal;
}

/** Roles that own statements, and the taskers that their names begin with. */
const OWNERS = [
  { name: 'First', tasker: 'First' },
  { name: 'Other', tasker: 'First' },
  { name: 'Narrow', tasker: 'Narrow' },
] as const;

type Outputs = Readonly<Record<string, string>>;

/** The statements of a tasker, as its owner sees them. */
interface Owner {
  readonly dataApi: RedshiftDataClient;
  readonly prefix: string;
}

/** An account in which the stack of the scenarios is deployed, seen through the AWS SDK alone. */
export const awsGround = (
  outputs: Outputs,
  { clients, options, dataApi: beside, stacks, timing, signal }: GroundParts,
): AwsGround => {
  const world = sdkWorld(clients, realSurroundings(outputs, timing, signal), stacks);
  const dataApi = beside?.client;
  const owners = OWNERS.map(({ name, tasker }) => ({
    dataApi: dataApi ?? dataApiAs(clients.sts, options, outputs[`${name}OwnerRoleArn`]),
    prefix: outputs[`${tasker}StatementNamePrefix`] ?? '',
  }));
  return {
    world,
    dynamodb: clients.dynamodb,
    sqs: clients.sqs,
    statements: async () => {
      const found = (await Promise.all(owners.map(statementsOf))).flat();
      // A Data API that shows all shows those of two targets of a tasker twice.
      return [...new Map(found.map((statement) => [statement.id, statement])).values()];
    },
    cancelAll: async () => {
      for (const owner of owners) await cancelRunning(owner);
    },
    destroy: () => {
      for (const owner of owners) if (owner.dataApi !== dataApi) owner.dataApi.destroy();
    },
  };
};

const isRunning = ({ status }: Statement): boolean => !['FINISHED', 'FAILED', 'ABORTED'].includes(status);

const statementsOf = async ({ dataApi, prefix }: Owner): Promise<Statement[]> => {
  const found: Statement[] = [];
  const named = { StatementName: prefix, Status: 'ALL', RoleLevel: true } as const;
  for await (const { Statements = [] } of paginateListStatements({ client: dataApi, pageSize: 100 }, named))
    found.push(...Statements.map(({ Id = '', Status = '' }) => ({ id: Id, status: Status })));
  return found;
};

const cancelRunning = async (owner: Owner): Promise<void> => {
  // One that has ended meanwhile is refused.
  for (const { id } of (await statementsOf(owner)).filter(isRunning))
    await owner.dataApi.send(new CancelStatementCommand({ Id: id })).catch(() => undefined);
};
