import type { PolicyDocument } from '../common/service.ts';
import { type PolicyKind, parsePolicy } from '../iam/policy.ts';
import { holdsUnresolved, integerOf, isObject, shown, UNRESOLVED } from './property-values.ts';

type Refuse = (reason: string) => void;

export interface IntegerRange {
  readonly from: number;
  readonly to: number;
}

const ALLOWS_NOTHING: PolicyDocument = { Version: '2012-10-17', Statement: [] };

/**
 * Reads the properties of a resource. What is missing or malformed is refused and read as absent, so that reading goes on and finds the rest;
 * what nobody has asked for when reading ends is not supported.
 */
export class Properties {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #prefix: string;
  readonly #refuse: Refuse;
  readonly #known = new Set<string>();
  readonly #children: Properties[] = [];

  constructor(values: Readonly<Record<string, unknown>>, refuse: Refuse, prefix = '') {
    this.#values = values;
    this.#refuse = refuse;
    this.#prefix = prefix;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  /** Whether nothing in the value is unresolved. */
  isKnown(name: string): boolean {
    return !holdsUnresolved(this.#values[name]);
  }

  /** Everything, for what hands it on as it is. */
  all(): Readonly<Record<string, unknown>> {
    for (const name of this.names()) this.#known.add(name);
    return this.#values;
  }

  names(): readonly string[] {
    return Object.keys(this.#values);
  }

  /** The value in whatever form it has. */
  any(name: string): unknown {
    const value = this.#value(name);
    return this.isKnown(name) ? value : undefined;
  }

  /** Numbers and booleans count as their text, as in CloudFormation. */
  string(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return this.#malformed(name, 'a text', value);
  }

  /** The empty text when it is missing, which is refused. */
  requiredString(name: string): string {
    if (!this.has(name)) this.refuse(name, 'is required');
    return this.string(name) ?? '';
  }

  integer(name: string, range: IntegerRange): number | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    const number = integerOf(value);
    if (number !== undefined && number >= range.from && number <= range.to) return number;
    return this.#malformed(name, `an integer from ${range.from} to ${range.to}`, value);
  }

  boolean(name: string): boolean | undefined {
    const value = this.any(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    return this.#malformed(name, 'true or false', value);
  }

  strings(name: string): readonly string[] {
    return this.#list(name).flatMap((item) => {
      if (item === UNRESOLVED) return [];
      if (typeof item === 'string') return [item];
      this.#malformed(name, 'a list of texts', item);
      return [];
    });
  }

  object(name: string): Properties | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    return isObject(value) ? this.#child(value, name) : this.#malformed(name, 'an object', value);
  }

  objects(name: string): readonly Properties[] {
    return this.#list(name).flatMap((item, index) => {
      if (item === UNRESOLVED) return [];
      if (isObject(item)) return [this.#child(item, `${name}[${index}]`)];
      this.#malformed(name, 'a list of objects', item);
      return [];
    });
  }

  /** A policy that the stage can evaluate; one that allows nothing where it cannot. */
  policy(name: string, kind: PolicyKind): PolicyDocument {
    const document = this.any(name);
    if (!this.isKnown(name)) return ALLOWS_NOTHING;
    if (isObject(document) && this.check(name, () => parsePolicy(document as unknown as PolicyDocument, kind)))
      return document as unknown as PolicyDocument;
    if (!isObject(document)) this.#malformed(name, 'a policy document', document);
    return ALLOWS_NOTHING;
  }

  /** Refuses every value but these, which ask for what the stage does anyway. */
  only(name: string, ...values: readonly (string | boolean | number)[]): void {
    const value = this.any(name);
    if (value === undefined || values.map(String).includes(shown(value))) return;
    this.refuse(name, `is supported as ${values.join(' or ')} only, not ${shown(value)}`);
  }

  /** Properties that change nothing on the stage; each stands in SUPPORTED.md. */
  withoutEffect(...names: readonly string[]): void {
    for (const name of names) this.#known.add(name);
  }

  /** Refuses the property with the reason that `work` throws; says whether it threw none. */
  check(name: string, work: () => unknown): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.refuse(name, `is not accepted: ${error instanceof Error ? error.message : String(error)}`);
      return false;
    }
  }

  /** Not for what is unresolved: nobody knows yet what would be wrong with it. */
  refuse(name: string, problem: string): void {
    if (this.isKnown(name)) this.#refuse(`property ${this.#prefix}${name} ${problem}`);
  }

  /** To be called when everything that is known has been read. */
  refuseUnread(): void {
    for (const name of this.names())
      if (!this.#known.has(name)) this.#refuse(`property ${this.#prefix}${name} is not supported`);
    for (const child of this.#children) child.refuseUnread();
  }

  #value(name: string): unknown {
    this.#known.add(name);
    const value = this.#values[name];
    return value === UNRESOLVED ? undefined : value;
  }

  #child(values: Readonly<Record<string, unknown>>, name: string): Properties {
    const child = new Properties(values, this.#refuse, `${this.#prefix}${name}.`);
    this.#children.push(child);
    return child;
  }

  #list(name: string): readonly unknown[] {
    const value = this.#value(name);
    if (value === undefined) return [];
    if (Array.isArray(value)) return value;
    this.#malformed(name, 'a list', value);
    return [];
  }

  #malformed(name: string, wanted: string, value: unknown): undefined {
    this.refuse(name, value === undefined ? 'is required' : `must be ${wanted}, got ${shown(value)}`);
    return undefined;
  }
}
