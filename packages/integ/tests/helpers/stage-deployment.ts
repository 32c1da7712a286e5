import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalStage } from '@sfn-redshift/local';
import { App } from 'aws-cdk-lib';
import type { AwsParts } from '../../aws/aws-stage.ts';
import type { Deployment, StackOutputs } from '../../aws/deployment.ts';
import { LocalSurroundings } from '../../scenarios/local-surroundings.ts';

const STEP_MS = 3_000;

/** An account, as far as a local stage is one: it has no CloudFormation API, so stacks come to it from the assembly. */
export class StageAccount {
  readonly stage: LocalStage;
  readonly #directory: string;
  readonly #surroundings: LocalSurroundings;
  /** What was asked of it, in order. */
  readonly deployments: string[] = [];
  /** What happens where something is to be deployed. */
  instead: (() => Promise<void>) | undefined;

  private constructor(stage: LocalStage, directory: string) {
    this.stage = stage;
    this.#directory = directory;
    this.#surroundings = new LocalSurroundings(stage, {}, []);
  }

  static async open(): Promise<StageAccount> {
    const directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-account-'));
    const warehouses = [{ kind: 'cluster', name: 'mine' }] as const;
    return new StageAccount(
      await LocalStage.deploy(emptyAssembly(join(directory, 'empty')), { warehouses }),
      directory,
    );
  }

  readonly deployment: Deployment = {
    deploy: async (assembly) => {
      this.deployments.push(`deploy ${stacksIn(assembly).join()}`);
      await (this.instead?.() ?? this.stage.update(assembly, { keepOthers: true }));
      return Object.fromEntries(
        Object.entries(this.stage.stacks).map(([name, { outputs }]) => [name, outputs]),
      ) satisfies StackOutputs;
    },
    destroy: async (assembly) => {
      const names = stacksIn(assembly);
      this.deployments.push(`destroy ${names.join()}`);
      for (const name of Object.keys(this.stage.stacks).reverse())
        if (names.includes(name)) await this.#meanwhile(this.stage.deleteStack(name));
    },
  };

  /** Time passes by itself. */
  async #meanwhile(work: Promise<void>): Promise<void> {
    let isOver = false;
    const over = work.finally(() => {
      isOver = true;
    });
    over.catch(() => undefined);
    while (!isOver) {
      await this.#surroundings.quiet();
      if (!isOver) await this.#surroundings.jump(STEP_MS);
    }
    await over;
  }

  /** Deletes all that is deployed. */
  async clear(): Promise<void> {
    await this.stage.update(join(this.#directory, 'empty'));
  }

  /** Statements that run. */
  get running(): readonly string[] {
    const ended = ['FINISHED', 'FAILED', 'ABORTED'];
    return this.stage.redshift.statements().flatMap(({ id, status }) => (ended.includes(status) ? [] : id));
  }

  /** How a run comes to it: with any credentials of one's own. Time passes as the stage's clock does, at once. */
  get parts(): AwsParts {
    const { endpoint, region, clock } = this.stage;
    return {
      clients: { endpoint, region, credentials: { accessKeyId: 'own', secretAccessKey: 'any' } },
      deployment: this.deployment,
      confirm: () => Promise.resolve(true),
      timing: {
        now: () => clock.now(),
        sleep: async (ms, signal) => {
          await this.#surroundings.quiet();
          signal.throwIfAborted();
          await this.#surroundings.jump(ms);
        },
      },
    };
  }

  async close(): Promise<void> {
    await this.stage.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Names of the stacks of an assembly. */
const stacksIn = (assembly: string): readonly string[] => {
  const manifest = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')) as {
    readonly artifacts: Readonly<Record<string, { readonly type: string }>>;
  };
  return Object.entries(manifest.artifacts).flatMap(([name, { type }]) =>
    type === 'aws:cloudformation:stack' ? name : [],
  );
};

const emptyAssembly = (outdir: string): string => new App({ outdir, analyticsReporting: false }).synth().directory;
