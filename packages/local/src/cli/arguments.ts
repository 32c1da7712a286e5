import { parseArgs } from 'node:util';
import type { Warehouse } from '../redshift-data/warehouses.ts';

/** The command line asks for what the command does not know. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface RedshiftArguments {
  readonly port?: number;
  readonly postgres?: string;
  readonly warehouses: readonly Warehouse[];
  readonly limitCallRates?: boolean;
  readonly seed?: number;
}

export interface ServeArguments extends RedshiftArguments {
  /** Directory of the cloud assembly. */
  readonly app: string;
}

export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'version' }
  | { readonly name: 'redshift'; readonly arguments: RedshiftArguments }
  | { readonly name: 'serve'; readonly arguments: ServeArguments };

const OPTIONS = {
  app: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  'limit-call-rates': { type: 'boolean' },
  port: { type: 'string' },
  postgres: { type: 'string' },
  seed: { type: 'string' },
  version: { type: 'boolean' },
  warehouse: { type: 'string', multiple: true },
} as const;

/** @throws UsageError */
export const parseCommand = (args: readonly string[]): Command => {
  const { values, positionals } = parsed(args);
  if (values.help) return { name: 'help' };
  if (values.version) return { name: 'version' };
  const [command, ...others] = positionals;
  if (command !== 'serve' && command !== 'redshift')
    throw new UsageError(command ? `unknown command ${command}` : 'no command given');
  if (others.length > 0) throw new UsageError(`unexpected argument ${others[0]}`);
  return command === 'serve' ? serveCommand(values) : redshiftCommand(values);
};

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's message goes on to explain itself.
    throw new UsageError((error as Error).message.split('. ')[0] ?? 'unknown option');
  }
};

type Values = ReturnType<typeof parsed>['values'];

const serveCommand = (values: Values): Command => {
  const { app } = values;
  if (!app) throw new UsageError('--app is required: the directory of a cloud assembly, such as cdk.out');
  return { name: 'serve', arguments: { app, ...commonArguments(values) } };
};

const redshiftCommand = (values: Values): Command => {
  if (values.app !== undefined) throw new UsageError('--app is for the command serve; redshift deploys nothing');
  return { name: 'redshift', arguments: commonArguments(values) };
};

const commonArguments = ({ port, postgres, seed, warehouse = [], ...values }: Values): RedshiftArguments => ({
  ...(port === undefined ? {} : { port: portOf(port) }),
  ...(postgres === undefined ? {} : { postgres: postgresOf(postgres) }),
  warehouses: warehouse.map(warehouseOf),
  ...(values['limit-call-rates'] ? { limitCallRates: true } : {}),
  ...(seed === undefined ? {} : { seed: seedOf(seed) }),
});

const portOf = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new UsageError(`--port must be a number from 1 to 65535, got ${text}`);
  return port;
};

const seedOf = (text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--seed must be a whole number, got ${text}`);
  return Number(text);
};

/** The value may hold a password, so the message does not repeat it. */
const postgresOf = (url: string): string => {
  if (!/^postgres(ql)?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new UsageError('--postgres must be a URL, postgres://USER:PASSWORD@HOST:PORT/DATABASE');
  return url;
};

const warehouseOf = (text: string): Warehouse => {
  const [, kind, name] = /^(cluster|workgroup):([a-z0-9-]{1,64})$/.exec(text) ?? [];
  if (!kind || !name) throw new UsageError(`--warehouse must be cluster:NAME or workgroup:NAME, got ${text}`);
  return { kind: kind as Warehouse['kind'], name };
};
