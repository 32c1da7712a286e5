import { readFileSync } from 'node:fs';
import { type Command, parseCommand, UsageError } from './cli/arguments.ts';
import { HELP } from './cli/help.ts';
import { reasonsOf } from './cli/reasons.ts';
import type { End } from './cli/until-asked.ts';

type Service = Extract<Command, { readonly name: 'serve' | 'redshift' }>;

const EXIT_CODES = { ok: 0, failed: 1, couldNotRun: 2 } as const;

/** The command `sfn-redshift-local`: runs to its end and leaves with its exit code. */
export const run = async (args: readonly string[]): Promise<void> => {
  // Whoever reads our output may go away first; what is to be cleaned up must be cleaned up all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const code = await runCommand(args);
  process.exit(code);
};

const runCommand = async (args: readonly string[]): Promise<number> => {
  try {
    return await perform(parseCommand(args));
  } catch (error) {
    const hint = error instanceof UsageError ? '; see sfn-redshift-local --help' : '';
    await write(
      process.stderr,
      reasonsOf(error)
        .map((line) => `sfn-redshift-local: ${line}${hint}\n`)
        .join(''),
    );
    return EXIT_CODES.couldNotRun;
  }
};

const perform = async (command: Command): Promise<number> => {
  if (command.name === 'help') await write(process.stdout, HELP);
  else if (command.name === 'version') await write(process.stdout, `${version()}\n`);
  else return await performService(command);
  return EXIT_CODES.ok;
};

const performService = async (command: Service): Promise<number> => {
  const end = await start(command, (line) => write(process.stdout, `${line}\n`));
  return end === 'fault' ? EXIT_CODES.failed : EXIT_CODES.ok;
};

/** The services are large; whoever mistypes an option need not wait for them. */
const start = async (command: Service, announce: (line: string) => Promise<void>): Promise<End> => {
  if (command.name === 'serve') return (await import('./cli/serve.ts')).serve(command.arguments, announce);
  return (await import('./cli/redshift.ts')).redshift(command.arguments, announce);
};

const version = (): string => {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
};

/** Resolves when written, or when there is nobody left to read. */
const write = (stream: NodeJS.WriteStream, text: string): Promise<void> =>
  new Promise((resolve) => void stream.write(text, () => resolve()));
