import { escapeIdentifier } from 'pg';
import { type Warehouse, warehouseKey } from '../warehouses.ts';
import type { Admin } from './admin.ts';
import { DIALECT } from './dialect/index.ts';

const SETTINGS = { timezone: 'UTC', datestyle: 'ISO, MDY', intervalstyle: 'postgres', bytea_output: 'hex' };
const LONGEST_NAME = 63;

/** The databases of the stage's warehouses on the server; each is made when first named. */
export class Databases {
  readonly #admin: Admin;
  /** By warehouse and database. */
  readonly #made = new Map<string, Promise<string>>();
  /** Also of those that could not be made ready. */
  readonly #names: string[] = [];

  constructor(admin: Admin) {
    this.#admin = admin;
  }

  /** The name on the server of a warehouse's database. */
  ensure(warehouse: Warehouse, database: string): Promise<string> {
    const key = `${warehouseKey(warehouse)}/${database}`;
    const known = this.#made.get(key);
    if (known) return known;
    const name = this.#nameFor(warehouse, database);
    this.#names.push(name);
    const making = this.#make(name).then(() => name);
    this.#made.set(key, making);
    making.catch(() => this.#made.delete(key));
    return making;
  }

  /** The databases of a warehouse that have been named so far, as users know them. */
  of(warehouse: Warehouse): readonly string[] {
    const prefix = `${warehouseKey(warehouse)}/`;
    return [...this.#made.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  }

  /** Removes them all, also from under connections that are still open. */
  async drop(): Promise<void> {
    await Promise.allSettled(this.#made.values());
    for (const name of this.#names)
      await this.#admin.query(`drop database if exists ${escapeIdentifier(name)} with (force)`);
  }

  /** Readable for whoever looks at the server; the count makes it unique, whatever is cut off or replaced. */
  #nameFor(warehouse: Warehouse, database: string): string {
    const readable = `${warehouse.name}_${database}`.replaceAll(/[^\w-]/g, '_');
    return `redshift_${this.#admin.stageId}_${this.#names.length + 1}_${readable}`.slice(0, LONGEST_NAME);
  }

  /** As in a new Redshift database, everybody may make tables in `public`; who may connect is granted user by user. */
  async #make(name: string): Promise<void> {
    const quoted = escapeIdentifier(name);
    await this.#admin.query(`create database ${quoted} template template0 encoding 'UTF8' ${await this.#locale()}`);
    await this.#admin.query(`revoke all on database ${quoted} from public`);
    for (const [setting, value] of Object.entries(SETTINGS))
      await this.#admin.query(`alter database ${quoted} set ${setting} to '${value}'`);
    const client = this.#admin.client({ database: name });
    try {
      await client.connect();
      await client.query('grant usage, create on schema public to public');
      await client.query(DIALECT);
    } finally {
      await client.end();
    }
  }

  /** Text is compared byte by byte, as in Redshift; before version 17 that costs upper and lower case beyond ASCII. */
  async #locale(): Promise<string> {
    const [server] = await this.#admin.query(`select current_setting('server_version_num')::int as version`);
    return Number(server?.version) >= 170_000
      ? `locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'`
      : `locale 'C'`;
  }
}
