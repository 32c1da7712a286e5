import { AwsError } from '../common/aws-error.ts';
import { FunctionCodes } from './function-code.ts';
import type { FunctionConfig } from './function-config.ts';
import { type FunctionReference, functionArn } from './function-name.ts';
import { FunctionRunner, type RunnerDeps } from './function-runner.ts';

export const LATEST = '$LATEST';

interface Entry {
  readonly latest: FunctionRunner;
  /** By number. */
  readonly versions: Map<string, FunctionRunner>;
  /** Version numbers by alias. */
  readonly aliases: Map<string, string>;
}

/** The account's functions, their published versions and their aliases. */
export class Functions {
  readonly #deps: RunnerDeps;
  readonly #codes = new FunctionCodes();
  readonly #entries = new Map<string, Entry>();
  /** Replaced or deleted, but still at work. */
  readonly #retiring = new Map<FunctionRunner, Promise<void>>();
  /** What each version is published for, by function; a number is given once. */
  readonly #numbers = new Map<string, string[]>();

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  /** Adds a function, or replaces its code and configuration: what runs ends as it was, versions and aliases stay. */
  put(config: FunctionConfig): void {
    const known = this.#entries.get(config.name);
    const latest = this.#start(config, LATEST);
    this.#entries.set(config.name, { versions: new Map(), aliases: new Map(), ...known, latest });
    if (known) this.#retire(known.latest);
  }

  /** Ends its invocations, those of its versions too. */
  async delete(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    if (!entry) return;
    this.#entries.delete(name);
    this.#numbers.delete(name);
    this.#deps.concurrency.reserve(name, undefined);
    await Promise.all([entry.latest, ...entry.versions.values()].map((runner) => this.#end(runner)));
  }

  /**
   * The number that a version has, or will have when it is published.
   *
   * @param id whoever asks again with it gets the same number
   */
  numberOf(name: string, id: string): string {
    const ids = this.#numbers.get(name) ?? [];
    this.#numbers.set(name, ids);
    if (!ids.includes(id)) ids.push(id);
    return String(ids.indexOf(id) + 1);
  }

  /** Makes a version of the code and configuration that the function has now; one that there is stays as it is. */
  publish(name: string, version: string): void {
    const { latest, versions } = this.#entry({ name, qualifier: undefined });
    if (versions.has(version)) return;
    versions.set(version, this.#start({ ...latest.config, code: { directory: latest.taskRoot } }, version));
  }

  deleteVersion(name: string, version: string): void {
    const versions = this.#entries.get(name)?.versions;
    const runner = versions?.get(version);
    versions?.delete(version);
    if (runner) this.#retire(runner);
  }

  /** @throws AwsError `ResourceNotFoundException` when there is no such version */
  putAlias(name: string, alias: string, version: string): void {
    this.get({ name, qualifier: version });
    this.#entry({ name, qualifier: undefined }).aliases.set(alias, version);
  }

  deleteAlias(name: string, alias: string): void {
    this.#entries.get(name)?.aliases.delete(alias);
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(reference: FunctionReference): FunctionRunner {
    const { latest, versions, aliases } = this.#entry(reference);
    const { qualifier = LATEST } = reference;
    const version = aliases.get(qualifier) ?? qualifier;
    const runner = version === LATEST ? latest : versions.get(version);
    if (!runner) throw this.#notFound(reference);
    return runner;
  }

  /** As they are unpublished. */
  latest(): readonly FunctionRunner[] {
    return [...this.#entries.values()].map(({ latest }) => latest);
  }

  /** Ends all that runs, at once. */
  async close(): Promise<void> {
    const runners = [...this.#entries.values()].flatMap(({ latest, versions }) => [latest, ...versions.values()]);
    await Promise.all([...runners, ...this.#retiring.keys()].map((runner) => runner.close()));
    await Promise.all(this.#retiring.values());
    await this.#codes.close();
  }

  #start(config: FunctionConfig, version: string): FunctionRunner {
    const taskRoot = this.#codes.install(config.code);
    try {
      const runner = new FunctionRunner(config, { taskRoot, version }, this.#deps);
      if (version === LATEST) this.#deps.concurrency.reserve(config.name, config.reservedConcurrency);
      return runner;
    } catch (error) {
      void this.#codes.remove(taskRoot);
      throw error;
    }
  }

  #retire(runner: FunctionRunner): void {
    const end = async () => {
      await runner.retire();
      this.#retiring.delete(runner);
      await this.#codes.remove(runner.taskRoot);
    };
    this.#retiring.set(runner, end());
  }

  async #end(runner: FunctionRunner): Promise<void> {
    await runner.close();
    await this.#codes.remove(runner.taskRoot);
  }

  #entry(reference: FunctionReference): Entry {
    const entry = this.#entries.get(reference.name);
    if (!entry) throw this.#notFound(reference);
    return entry;
  }

  #notFound(reference: FunctionReference): AwsError {
    return new AwsError(
      'ResourceNotFoundException',
      `Function not found: ${functionArn(this.#deps.account, reference)}`,
      {
        status: 404,
        members: { Type: 'User' },
      },
    );
  }
}
