import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LocalStage } from '@sfn-redshift/local';

const STACK = 'Account';

/** The stage with what a test needs of an account. */
export interface RealStage {
  readonly stage: LocalStage;
  /** Outputs of the template. */
  readonly outputs: Readonly<Record<string, string>>;
  /** For an SDK client that asks once. */
  readonly client: ClientOptions;
  close(): Promise<void>;
}

interface ClientOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/** Deploys one template, in a process-wide stage of its own. */
export const startRealStage = async (template: object): Promise<RealStage> => {
  const directory = mkdtempSync(path.join(tmpdir(), 'sfn-redshift-prove-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  writeAssembly(directory, template);
  const stage = await LocalStage.deploy(directory).catch((error: unknown) => {
    remove();
    throw error;
  });
  const { endpoint, region } = stage;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return {
    stage,
    outputs: stage.stacks[STACK]?.outputs ?? {},
    client: { endpoint, region, credentials, maxAttempts: 1 },
    close: async () => {
      await stage.close();
      remove();
    },
  };
};

/** As the CDK would. */
const writeAssembly = (directory: string, template: object): void => {
  const write = (file: string, content: object) => writeFileSync(path.join(directory, file), JSON.stringify(content));
  const stack = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://123456789012/us-east-1',
    properties: { templateFile: 'template.json' },
  };
  write('template.json', template);
  write('manifest.json', { artifacts: { [STACK]: stack } });
};
