import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type { StackEnd } from './told.ts';

/** What a stack holds. By the service token SQL becomes a custom resource. */
export type StackContents = (scope: Stack, serviceToken: string) => void;

/** A synthesized stack, alone in its assembly. */
export interface StackAssembly {
  readonly directory: string;
  readonly stack: string;
}

/** Brings stacks to where scenarios run, beside those that are there. */
export interface StackDeployer {
  /**
   * @returns what the stack tells then
   * @throws Error that says why: the stack has been rolled back
   */
  deploy(assembly: StackAssembly): Promise<StackEnd['outputs']>;
  /** @throws Error that says why: something of it is left */
  remove(assembly: StackAssembly): Promise<void>;
}

export interface ScenarioStacksOptions {
  /** Begins the names of stacks. */
  readonly prefix: string;
  /** For assemblies. Somebody else removes it. */
  readonly directory: string;
  /** Of the first tasker. */
  readonly serviceToken: string;
  readonly deployer: StackDeployer;
}

/** The stacks that scenarios deploy themselves, one after the other. Each life of one has a name of its own, as AWS gives each an id. */
export class ScenarioStacks {
  readonly #options: ScenarioStacksOptions;
  /** Those that may be there, by the name that scenarios use, as they were deployed last. */
  readonly #there = new Map<string, StackAssembly>();
  #count = 0;
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: ScenarioStacksOptions) {
    this.#options = options;
  }

  /** Names of those that may be there, the newest first. */
  get names(): readonly string[] {
    return [...this.#there.values()].map(({ stack }) => stack).reverse();
  }

  /** Creates a stack, or updates the one that there is by that name. */
  deploy(name: string, contents: StackContents): Promise<StackEnd> {
    return this.#inTurn(async () => {
      const stack = this.#there.get(name)?.stack ?? `${this.#options.prefix}${name}-${(this.#count += 1)}`;
      const assembly = this.#synthesize(stack, contents);
      this.#there.set(name, assembly);
      return await this.#options.deployer.deploy(assembly);
    });
  }

  /** Deletes a stack, with all that its resources have made. */
  remove(name: string): Promise<StackEnd> {
    return this.#inTurn(async () => {
      const assembly = this.#there.get(name);
      if (assembly === undefined) throw new Error(`No scenario has deployed ${name}.`);
      await this.#options.deployer.remove(assembly);
      this.#there.delete(name);
      return {};
    });
  }

  /** Deletes all that there are, as far as that can be done. @throws Error that says what could not be */
  async removeAll(): Promise<void> {
    await this.#work;
    const failures: string[] = [];
    for (const name of [...this.#there.keys()].reverse()) {
      const { failure } = await this.remove(name);
      if (failure !== undefined) failures.push(failure);
    }
    if (failures.length > 0) throw new Error(failures.join('; '));
  }

  #synthesize(stack: string, contents: StackContents): StackAssembly {
    const outdir = join(this.#options.directory, `${stack}-${(this.#count += 1)}`, 'cdk.out');
    const app = new App({ outdir, analyticsReporting: false, builtinCloudFormationValidation: false });
    contents(new Stack(app, stack), this.#options.serviceToken);
    return { directory: app.synth().directory, stack };
  }

  #inTurn(work: () => Promise<StackEnd['outputs']>): Promise<StackEnd> {
    const turn = this.#work.then(work).then(
      (outputs) => ({ failure: undefined, outputs }),
      (error: unknown) => ({ failure: error instanceof Error ? error.message : String(error), outputs: {} }),
    );
    this.#work = turn;
    return turn;
  }
}
