import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../src/cli/arguments.ts';

const serve = (...args: string[]) => parseCommand(['serve', '--app', 'cdk.out', ...args]);

describe('parseCommand', () => {
  it('needs nothing but the assembly to serve', () => {
    expect(serve()).toEqual({ name: 'serve', arguments: { app: 'cdk.out', warehouses: [] } });
  });

  it('takes port, PostgreSQL and any number of warehouses', () => {
    const args = ['--port', '4566', '--postgres', 'postgres://u:p@h/d', '--warehouse=cluster:a'];
    expect(serve(...args, '--warehouse', 'workgroup:b')).toEqual({
      name: 'serve',
      arguments: {
        app: 'cdk.out',
        port: 4566,
        postgres: 'postgres://u:p@h/d',
        warehouses: [
          { kind: 'cluster', name: 'a' },
          { kind: 'workgroup', name: 'b' },
        ],
      },
    });
  });

  it('switches the limit of call rates on, for both commands', () => {
    const limited = { warehouses: [], limitCallRates: true };
    expect(serve('--limit-call-rates')).toMatchObject({ arguments: limited });
    expect(parseCommand(['redshift', '--limit-call-rates'])).toEqual({ name: 'redshift', arguments: limited });
  });

  it('takes the seed of faults, for both commands', () => {
    expect(serve('--seed', '42')).toMatchObject({ arguments: { seed: 42 } });
    expect(parseCommand(['redshift', '--seed=0'])).toMatchObject({ arguments: { seed: 0 } });
  });

  it('knows --help and --version, with and without a command', () => {
    expect(parseCommand(['--help'])).toEqual({ name: 'help' });
    expect(serve('-h')).toEqual({ name: 'help' });
    expect(parseCommand(['--version'])).toEqual({ name: 'version' });
  });

  it('needs nothing at all to serve the Data API alone', () => {
    expect(parseCommand(['redshift'])).toEqual({ name: 'redshift', arguments: { warehouses: [] } });
    expect(parseCommand(['redshift', '--port', '1', '--warehouse', 'cluster:a'])).toEqual({
      name: 'redshift',
      arguments: { port: 1, warehouses: [{ kind: 'cluster', name: 'a' }] },
    });
  });

  it.each([
    [[], 'no command given'],
    [['deploy'], 'unknown command deploy'],
    [['serve'], '--app is required: the directory of a cloud assembly, such as cdk.out'],
    [['serve', '--app', 'a', 'b'], 'unexpected argument b'],
    [['redshift', 'b'], 'unexpected argument b'],
    [['redshift', '--app', 'a'], '--app is for the command serve; redshift deploys nothing'],
    [['serve', '--apps', 'a'], "Unknown option '--apps'"],
    [['serve', '--app'], "Option '--app <value>' argument missing"],
    [['serve', '--app', 'a', '--port', '0'], '--port must be a number from 1 to 65535, got 0'],
    [['serve', '--app', 'a', '--port', '1e3'], '--port must be a number from 1 to 65535, got 1e3'],
    [['serve', '--app', 'a', '--seed', '1.5'], '--seed must be a whole number, got 1.5'],
    [['serve', '--app', 'a', '--warehouse', 'c1'], '--warehouse must be cluster:NAME or workgroup:NAME, got c1'],
  ])('refuses %j in one line', (args, message) => {
    expect(() => parseCommand(args)).toThrow(expect.objectContaining({ name: 'UsageError', message }) as Error);
  });

  it('does not repeat a --postgres that may hold a password', () => {
    expect(() => serve('--postgres', 'mysql://u:secret@h')).toThrow(
      expect.objectContaining({
        message: '--postgres must be a URL, postgres://USER:PASSWORD@HOST:PORT/DATABASE',
      }) as Error,
    );
  });
});
