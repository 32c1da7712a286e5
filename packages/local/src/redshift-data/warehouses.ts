import { createHash } from 'node:crypto';
import type { Account } from '../common/account.ts';
import { arnIn } from '../common/arn.ts';

/** A provisioned cluster or a serverless workgroup. */
export type Warehouse = { readonly kind: 'cluster' | 'workgroup'; readonly name: string };

/** What the template says of a warehouse's encryption. */
export interface WarehouseEncryption {
  /** ARN of the customer's key of a cluster. */
  readonly keyArn?: string | undefined;
  /** The namespace of a workgroup, whose key is the workgroup's. */
  readonly namespace?: string | undefined;
}

/** Which warehouses exist. If never given any, every name exists. */
export class Warehouses {
  readonly #known = new Map<string, Warehouse>();
  readonly #encryption = new Map<string, WarehouseEncryption>();
  /** By namespace. */
  readonly #namespaceKeys = new Map<string, string>();
  #everyNameExists = true;

  constructor(names: readonly Warehouse[] = []) {
    for (const warehouse of names) this.add(warehouse);
  }

  add(warehouse: Warehouse, encryption: WarehouseEncryption = {}): void {
    this.#everyNameExists = false;
    this.#known.set(warehouseKey(warehouse), warehouse);
    this.#encryption.set(warehouseKey(warehouse), encryption);
  }

  remove(warehouse: Warehouse): void {
    this.#known.delete(warehouseKey(warehouse));
    this.#encryption.delete(warehouseKey(warehouse));
  }

  /** @param keyArn of the customer's key; without it the namespace has none */
  putNamespace(name: string, keyArn?: string): void {
    this.#namespaceKeys.delete(name);
    if (keyArn !== undefined) this.#namespaceKeys.set(name, keyArn);
  }

  /** ARN of the customer's key that the warehouse is encrypted with. */
  keyArnOf(warehouse: Warehouse): string | undefined {
    const { keyArn, namespace } = this.#encryption.get(warehouseKey(warehouse)) ?? {};
    return keyArn ?? this.#namespaceKeys.get(namespace ?? '');
  }

  has(warehouse: Warehouse): boolean {
    return this.#everyNameExists || this.#known.has(warehouseKey(warehouse));
  }

  /** The workgroup with this id (the last part of its ARN). Where every name exists, the id serves as name. */
  workgroupWithId(id: string): Warehouse | undefined {
    if (this.#everyNameExists) return { kind: 'workgroup', name: id };
    return [...this.#known.values()].find(({ kind, name }) => kind === 'workgroup' && workgroupId(name) === id);
  }
}

/** AWS draws a UUID; the stage derives it from the name, so that whoever knows the name knows the ARN. */
export const workgroupId = (name: string): string => {
  const digest = createHash('sha256').update(`workgroup:${name}`).digest('hex');
  return [8, 12, 16, 20, 32].map((end, i, ends) => digest.slice(i === 0 ? 0 : ends[i - 1], end)).join('-');
};

/** `arn:…:redshift:…:cluster:NAME` or `arn:…:redshift-serverless:…:workgroup/ID`: the id, not the name. */
export const warehouseArn = (account: Account, { kind, name }: Warehouse): string =>
  kind === 'cluster'
    ? arnIn(account, 'redshift', `cluster:${name}`)
    : arnIn(account, 'redshift-serverless', `workgroup/${workgroupId(name)}`);

export const warehouseKey = ({ kind, name }: Warehouse): string => `${kind}:${name}`;
