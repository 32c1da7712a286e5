import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { junitXml } from '../runner/junit.ts';
import { LOCAL } from '../runner/local.ts';
import type { Report } from '../runner/report.ts';
import { runStage } from '../runner/run-stage.ts';
import type { Stage } from '../runner/stage.ts';
import { answers, executions } from '../scenarios/assertions.ts';
import { RUN } from '../scenarios/machines.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { CommandProcess, leftBehind } from './helpers/demo-process.ts';
import { elementsOf } from './helpers/xml.ts';

/** A text that no format may stumble over. */
const AWKWARD = 'expected <1> & got "\u0000\u001b[31m2"\nin the second line';

const scenario = (name: string, rest: Partial<Scenario> = {}): Scenario => ({
  name,
  statements: 0,
  run: () => Promise.resolve(answers()),
  expect: () => undefined,
  ...rest,
});

const passes = (name: string) =>
  scenario(name, {
    machines: [RUN],
    statements: 1,
    run: async (world) => executions(await world.run('Run', { sql: 'select 1' })),
  });

/** Leaves a statement running. */
const fails = scenario('leaves a statement running', {
  machines: [RUN],
  statements: 1,
  run: async (world) => {
    await world.submitted(await world.start('Run', { sql: world.lasting(60) }));
    return answers();
  },
  expect: () => assert.fail(AWKWARD),
});

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-report-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

const play = async (scenarios: readonly Scenario[], stage: Stage = LOCAL, signal = new AbortController().signal) => {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const exitCode = await runStage(stage, { scenarios, only: undefined, report: directory, signal, say });
  return { exitCode, lines };
};

const reportIn = (where: string): Report => JSON.parse(readFileSync(join(where, 'report.json'), 'utf8')) as Report;

describe('A run of scenarios', () => {
  it('tells of each what became of it, and goes on after one that fails', async () => {
    const needsFaults = scenario('needs what is not there', { needs: ['faults'] });
    const stage: Stage = { ...LOCAL, lacks: { faults: 'nothing injects faults here' } };

    const { exitCode, lines } = await play([passes('one'), fails, needsFaults, passes('another')], stage);

    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toBe('2 passed, 1 failed, 1 skipped');
    const seconds = expect.any(Number);
    expect(reportIn(directory)).toEqual({
      stage: 'local',
      scenarios: [
        { name: 'one', status: 'passed', seconds, reason: '' },
        { name: 'leaves a statement running', status: 'failed', seconds, reason: AWKWARD },
        { name: 'needs what is not there', status: 'skipped', seconds: 0, reason: 'nothing injects faults here' },
        { name: 'another', status: 'passed', seconds, reason: '' },
      ],
    });
    const [, suite] = elementsOf(readFileSync(join(directory, 'junit.xml'), 'utf8'));
    expect(suite?.attributes).toMatchObject({ name: 'integ:local', tests: '4', failures: '1', skipped: '1' });
  });

  it('passes where all that cannot be played is skipped', async () => {
    const stage: Stage = { ...LOCAL, lacks: { clock: 'time passes as it does' } };

    const { exitCode, lines } = await play([scenario('takes hours', { needs: ['clock'] })], stage);

    expect(exitCode).toBe(0);
    expect(lines.at(-1)).toBe('0 passed, 0 failed, 1 skipped');
  });

  it('tears down what a run leaves that is ended, and fails where that fails', async () => {
    const ending = new AbortController();
    const stage: Stage = {
      ...LOCAL,
      deploy: async (...given) => {
        const deployed = await LOCAL.deploy(...given);
        return {
          get ground() {
            return deployed.ground;
          },
          recover: () => deployed.recover(),
          teardown: async () => {
            await deployed.teardown();
            throw new Error('the stack is still there');
          },
        };
      },
    };
    const ends = scenario('is ended', {
      run: () => {
        ending.abort(new Error('ended'));
        return new Promise(() => undefined);
      },
    });

    const { exitCode, lines } = await play([ends, passes('never')], stage, ending.signal);

    expect(exitCode).toBe(1);
    expect(lines).toContain('not torn down: the stack is still there');
    expect(reportIn(directory).scenarios.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
  });

  it('refuses a name that no scenario has', async () => {
    const options = { scenarios: [passes('one')], only: 'two', report: directory, say: () => undefined };

    await expect(runStage(LOCAL, { ...options, signal: new AbortController().signal })).rejects.toThrow(
      '--only: no scenario has "two" in its name',
    );
  });
});

describe('JUnit XML', () => {
  it('holds any text', () => {
    const results = [{ name: AWKWARD, status: 'failed' as const, seconds: 1.5, reason: AWKWARD, stack: AWKWARD }];

    const [, , testcase, failure] = elementsOf(junitXml('a & b', results));

    const readable = AWKWARD.replace('\u0000\u001b', '\ufffd\ufffd');
    expect(testcase?.attributes).toEqual({ classname: 'a & b', name: readable, time: '1.500' });
    expect(failure).toEqual({ name: 'failure', attributes: { message: readable }, text: readable });
  });
});

describe('npm run integ:local', () => {
  const commands: CommandProcess[] = [];

  const start = (...args: readonly string[]) => {
    const command = new CommandProcess('integ:local', ...args);
    commands.push(command);
    return command;
  };

  afterEach(() => {
    for (const command of commands.splice(0)) command.remove();
  });

  it('by Ctrl-C ends soon, reports, and leaves nothing', async () => {
    const command = start('--report', directory);
    await command.says('passed');

    command.kill('SIGINT', 'group');

    await command.exited;
    expect([130, null]).toContain(command.child.exitCode);
    expect(leftBehind(command.temporary)).toEqual([]);
    const { scenarios } = reportIn(directory);
    expect(scenarios.at(0)).toMatchObject({ status: 'passed' });
    expect(scenarios.at(-1)).toMatchObject({ status: 'skipped', reason: 'the run was ended before it could end' });
    expect(command.output).toMatch(/\d+ passed, 0 failed, \d+ skipped\n$/);
  });

  it.each([
    [['--onyl', 'x'], "Unknown option '--onyl'"],
    [['--only', ''], '--only must be a part of the name of a scenario; received ""'],
    [['finishes'], "Unexpected argument 'finishes'"],
  ])('refuses %s', async (args, says) => {
    const command = start(...args);

    expect(await command.exited).toBe(2);
    expect(command.output).toContain(`integ:local: ${says}`);
    expect(command.output).toContain('Usage: npm run integ:local');
  });
});
