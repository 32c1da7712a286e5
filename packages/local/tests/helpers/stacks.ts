import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../../src/common/log.ts';
import { readAssembly } from '../../src/deploy/assembly.ts';
import type { DeployedStack } from '../../src/deploy/stack.ts';
import { Stacks } from '../../src/deploy/stacks.ts';
import type { StageParts } from '../../src/deploy/stage-parts.ts';
import { createCore, type StageCore } from '../../src/stage/core.ts';
import { createParts, startStores } from '../../src/stage/start-services.ts';
import { account, temporaryDirectory, writeAssembly } from './assembly.ts';

export interface RunningStacks extends StageCore {
  readonly parts: StageParts;
  readonly stacks: Stacks;
  /** Every line that was logged, as text. */
  readonly lines: readonly string[];
  /** Writes an assembly of these templates, and brings the stacks to it. */
  deploy(templates: Readonly<Record<string, object>>, assets?: Readonly<Record<string, string>>): Promise<void>;
  /** Removes every assembly written so far from the disk. */
  forgetAssemblies(): void;
  /** A stack that must exist. */
  stack(name?: string): DeployedStack;
  close(): Promise<void>;
}

/** A stage without a warehouse, which none of the stacks here needs. */
export const startStacks = async (): Promise<RunningStacks> => {
  const lines: string[] = [];
  const core = createCore(account, { log: keeping(lines) });
  await core.gateway.listen();
  const parts = createParts(core);
  const stacks = new Stacks({ ...core, parts });
  core.closers.add(() => stacks.close());
  await startStores(core, parts);
  parts.customResources.open();
  const directory = temporaryDirectory();
  let written = 0;
  return {
    ...core,
    parts,
    stacks,
    lines,
    deploy: async (templates, assets = {}) => {
      const assembly = path.join(directory.path, String(written++));
      mkdirSync(assembly);
      await stacks.update(() => readAssembly(writeAssembly(assembly, templates, { assets })));
    },
    forgetAssemblies: () => {
      for (const name of readdirSync(directory.path)) rmSync(path.join(directory.path, name), { recursive: true });
    },
    stack: (name = 'Stack') => stackIn(stacks, name),
    close: async () => {
      await core.closers.close();
      directory.remove();
    },
  };
};

const keeping = (lines: string[]): Log => {
  const keep = (...line: readonly unknown[]) => void lines.push(JSON.stringify(line));
  return { info: keep, warn: keep };
};

const stackIn = (stacks: Stacks, name: string): DeployedStack => {
  const stack = stacks.all[name];
  if (!stack) throw new Error(`there is no stack ${name}`);
  return stack;
};

/** The events of a stack in short, such as `Queue CREATE_COMPLETE`, from one of them on. */
export const eventsOf = ({ events }: DeployedStack, from = 0): readonly string[] =>
  events.slice(from).map(({ logicalId, status }) => `${logicalId} ${status}`);
