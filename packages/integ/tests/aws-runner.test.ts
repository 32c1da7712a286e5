import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustomResource } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AwsParts, type AwsStageOptions, awsStage } from '../aws/aws-stage.ts';
import { startDataApi } from '../aws/data-api-beside.ts';
import type { Answer } from '../aws/probe/probe-ground.ts';
import { parseTarget } from '../aws/target-choice.ts';
import { tearDown } from '../aws/teardown.ts';
import type { Report } from '../runner/report.ts';
import { runStage } from '../runner/run-stage.ts';
import { RUN } from '../scenarios/machines.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { ScenarioStacks } from '../scenarios/scenario-stacks.ts';
import { SCENARIOS } from '../scenarios/table/index.ts';
import type { Told } from '../scenarios/told.ts';
import { FOR_EVER } from '../scenarios/world.ts';
import { demoOptions } from './helpers/demo-process.ts';
import { eventually } from './helpers/execution.ts';
import { StageAccount } from './helpers/stage-deployment.ts';

const OPTIONS: AwsStageOptions = {
  target: { kind: 'cluster', clusterIdentifier: 'mine', database: 'dev', dbUser: 'etl' },
  keep: false,
  probe: undefined,
  name: 'sfn-redshift-integ-1',
};

const named = (...beginnings: readonly string[]): readonly Scenario[] =>
  SCENARIOS.filter(({ name }) => beginnings.some((beginning) => name.startsWith(beginning)));

const FEW = named('an execution is stopped:', 'a redrive runs', 'an execution times out');

const DEPLOYS = named('a resource of a stack is created', 'the database denies a user');

const MAIN = OPTIONS.name;
const DEPLOYED_AND_DESTROYED = [`deploy ${MAIN}`, `destroy ${MAIN}`];

const leaves: Scenario = {
  name: 'leaves a statement running, and a stack',
  machines: [RUN],
  stacks: ['left'],
  statements: 1,
  run: async (world) => {
    await world.deploy('left', (scope) => new LogGroup(scope, 'Left'));
    await world.submitted(await world.start('Run', { sql: world.lasting(FOR_EVER) }));
    throw new Error('no more');
  },
  expect: () => undefined,
};

const FINISHES = named('a statement finishes');

/** What the stage says, which tells nothing of AWS: it was built to what is known. */
const EXPECTED = [
  [1, 'yes: another token'],
  [2, 'accepted; the execution ends SUCCEEDED, without TaskSubmitted'],
  [3, 'a role scoped to another machine: AccessDeniedException; to this one: allowed'],
  [4, '500 of 500, 2048 of 2048'],
  [5, 'cloudformation-custom-resource-response-useast1.s3.amazonaws.com'],
  [6, expect.stringMatching(/^0 of 37 had not come after/)],
  [7, expect.stringMatching(/^it is sent events; it is sent dead letters/)],
  [8, '200, after 200 for the first'],
  [9, expect.stringMatching(/^Sandbox.Timedout: /)],
];

describe('A run in an account', () => {
  let account: StageAccount;
  let directory: string;

  beforeAll(async () => {
    account = await StageAccount.open();
  });

  afterAll(() => account?.close());

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-report-'));
    account.deployments.length = 0;
    account.instead = undefined;
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const play = async (
    scenarios: readonly Scenario[],
    options: Partial<AwsStageOptions> = {},
    parts: Partial<AwsParts> = {},
    signal = new AbortController().signal,
  ) => {
    const lines: string[] = [];
    const say = (line: string) => void lines.push(line);
    const stage = awsStage({ ...OPTIONS, ...options }, { ...account.parts, ...parts });
    const exitCode = await runStage(stage, { scenarios, only: undefined, report: directory, signal, say });
    return { exitCode, lines };
  };

  it('says what it deploys and costs, plays what can be played in real time, cancels what one has left, and removes all', async () => {
    const { exitCode, lines } = await play([...FINISHES, leaves, ...FEW]);

    expect(lines.join('\n')).toMatch(
      /^Account 000000000000, region us-east-1\nTo be deployed:\n {2}sfn-redshift-integ-1: \d\d+ resources\n {2}sfn-redshift-integ-1-left-…: custom resources[^\n]*\nEstimated cost/,
    );
    const { stage, scenarios } = JSON.parse(readFileSync(join(directory, 'report.json'), 'utf8')) as Report;
    expect(stage).toBe('aws');
    expect(scenarios.map(({ status, reason }) => [status, reason])).toEqual([
      ['passed', ''],
      ['failed', 'no more'],
      ['passed', ''],
      ['passed', ''],
      ['skipped', expect.stringMatching(/^time passes as it does/)],
    ]);
    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toBe('3 passed, 1 failed, 1 skipped');
    const left = `${MAIN}-left-1`;
    expect(account.deployments).toEqual([`deploy ${MAIN}`, `deploy ${left}`, `destroy ${left}`, `destroy ${MAIN}`]);
    expect(account.stage.stacks).toEqual({});
    await eventually(() => Promise.resolve(account.running.length === 0 || undefined));
  });

  it('makes a warehouse for itself, and keeps all if told to', async () => {
    const { exitCode, lines } = await play(FINISHES, { target: { kind: 'create-serverless' }, keep: true });

    expect(lines.join('\n')).toMatch(
      /sfn-redshift-integ-1-warehouse: 2 resources\n[\s\S]*\$\d\.\d\d {2}Redshift Serverless/,
    );
    expect(exitCode).toBe(0);
    expect(lines).toContain(
      'Kept. To remove it: aws cloudformation delete-stack --stack-name sfn-redshift-integ-1 && ' +
        'aws cloudformation delete-stack --stack-name sfn-redshift-integ-1-warehouse',
    );
    expect(account.deployments).toEqual([`deploy ${MAIN}-warehouse,${MAIN}`]);
    expect(Object.keys(account.stage.stacks)).toEqual([`${MAIN}-warehouse`, MAIN]);
    await account.clear();
  });

  it('deploys what scenarios deploy, and has two users', { timeout: 120_000 }, async () => {
    const { exitCode, lines } = await play(DEPLOYS);

    expect(exitCode, lines.join('\n')).toBe(0);
    expect(account.deployments).toEqual([
      `deploy ${MAIN}`,
      ...['deploy', 'deploy', 'deploy', 'destroy'].map((what) => `${what} ${MAIN}-tables-1`),
      `destroy ${MAIN}`,
    ]);
  });

  it('asks the account what the documentation leaves open, and captures events', async () => {
    const { exitCode, lines } = await play(FINISHES, { probe: directory });

    expect(exitCode, lines.join('\n')).toBe(0);
    const { points } = JSON.parse(readFileSync(join(directory, 'probe.json'), 'utf8')) as { points: Answer[] };
    expect(points.map(({ point, answer }) => [point, answer])).toEqual(EXPECTED);
    const fixtures = ['aborted', 'batch', 'failed', 'finished', 'named-2048', 'named-500', 'unnamed'];
    expect(readdirSync(join(directory, 'fixtures')).sort()).toEqual(fixtures.map((name) => `${name}.json`));
    expect(JSON.parse(readFileSync(join(directory, 'fixtures', 'aborted.json'), 'utf8'))).toMatchObject({
      account: '123456789012',
      source: 'aws.redshift-data',
      detail: { state: 'ABORTED', statementName: 'probe-aborted' },
    });
  });

  it('deploys nothing where nobody agrees', async () => {
    const confirm = () => Promise.resolve(false);

    await expect(play(FINISHES, {}, { confirm })).rejects.toThrow('nothing was deployed, as you did not agree');

    expect(account.deployments).toEqual([]);
  });

  it('takes away what a deployment has left that failed', async () => {
    account.instead = () => Promise.reject(new Error('cdk deploy failed: no such bucket'));

    await expect(play(FINISHES)).rejects.toMatchObject({
      name: 'CouldNotRunError',
      message: 'cdk deploy failed: no such bucket',
    });

    expect(account.deployments).toEqual(DEPLOYED_AND_DESTROYED);
    expect(account.stage.stacks).toEqual({});
  });

  it('ended during the deployment, takes it away and reports', async () => {
    const ending = new AbortController();
    account.instead = () => {
      ending.abort(new Error('ended by SIGINT'));
      return Promise.reject(ending.signal.reason as Error);
    };

    const { exitCode, lines } = await play(FINISHES, {}, {}, ending.signal);

    expect(exitCode).toBe(1);
    expect(lines.at(-1)).toBe('0 passed, 0 failed, 1 skipped');
    expect(account.deployments).toEqual(DEPLOYED_AND_DESTROYED);
    expect(account.stage.stacks).toEqual({});
  });

  it('ended while a scenario runs, removes all and reports', async () => {
    const ending = new AbortController();
    const ends: Scenario = {
      name: 'is ended',
      machines: [RUN],
      stacks: ['ended'],
      statements: 2,
      run: async (world) => {
        await world.submitted(await world.start('Run', { sql: world.lasting(FOR_EVER) }));
        const deploying = world.deploy('ended', (scope, serviceToken) => {
          new CustomResource(scope, 'Long', { serviceToken, properties: { sqlStatement: world.lasting(FOR_EVER) } });
        });
        await eventually(() => Promise.resolve(account.running.length === 2 || undefined));
        ending.abort(new Error('ended by SIGINT'));
        await deploying;
        return world.until<Told>(() => Promise.resolve(undefined));
      },
      expect: () => undefined,
    };

    const { exitCode, lines } = await play([ends], { target: { kind: 'create-cluster' } }, {}, ending.signal);

    expect(exitCode).toBe(1);
    expect(lines.slice(-2)).toEqual(['Ended: tearing down …', '0 passed, 0 failed, 1 skipped']);
    const [all, own] = [`${MAIN}-warehouse,${MAIN}`, `${MAIN}-ended-1`];
    expect(account.deployments).toEqual([`deploy ${all}`, `deploy ${own}`, `destroy ${own}`, `destroy ${all}`]);
    expect(account.stage.stacks).toEqual({});
    await eventually(() => Promise.resolve(account.running.length === 0 || undefined));
  });

  it('has its functions use a Data API that stands beside the endpoint', async () => {
    const beside = await startDataApi(account.stage.endpoint, () => undefined, new AbortController().signal);
    const before = account.stage.redshift.statements().length;

    const { exitCode } = await play(FINISHES, {}, { dataApi: beside });

    expect(exitCode).toBe(0);
    expect(account.stage.redshift.statements().length).toBe(before);
    await beside.close();
  });
});

describe('A teardown that does not come to its end', () => {
  const assembly = {
    directory: 'nowhere',
    stacks: new Map([
      ['main-warehouse', new Map()],
      ['main', new Map()],
    ]),
  };
  const refuse = (name: string) => Promise.reject(new Error(`${name} cannot be deleted`));
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-stacks-'));
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('goes on with the rest, and says of all that is left how to remove it', async () => {
    const deployer = { deploy: () => Promise.resolve({}), remove: () => refuse('main-tables-1') };
    const ofScenarios = new ScenarioStacks({ prefix: 'main-', directory, serviceToken: '', deployer });
    await ofScenarios.deploy('tables', () => undefined);
    const deployment = { deploy: () => Promise.resolve({}), destroy: () => refuse('main') };

    const removing = tearDown({ assembly, ofScenarios }, { keep: false, say: () => undefined, deployment });

    await expect(removing).rejects.toThrow(
      'main-tables-1 cannot be deleted; to remove what is left: aws cloudformation delete-stack --stack-name main-tables-1; ' +
        'main cannot be deleted; to remove what is left: aws cloudformation delete-stack --stack-name main && ' +
        'aws cloudformation delete-stack --stack-name main-warehouse',
    );
  });
});

describe('--target', () => {
  it.each([
    ['cluster:c1/dev/etl', { kind: 'cluster', clusterIdentifier: 'c1', database: 'dev', dbUser: 'etl' }],
    ['serverless:w1/dev', { kind: 'serverless', workgroupName: 'w1', database: 'dev' }],
    ['create-cluster', { kind: 'create-cluster' }],
    ['create-serverless', { kind: 'create-serverless' }],
  ])('may be %s', (text, choice) => {
    expect(parseTarget(text)).toEqual(choice);
  });

  it.each([
    '',
    'c1',
    'cluster',
    'cluster:c1/dev/etl/x',
    'cluster://',
    'serverless:/dev',
    'create-cluster:x',
    'create-serverless:',
  ])('must not be %j', (text) => {
    expect(() => parseTarget(text)).toThrow(`received ${JSON.stringify(text)}`);
  });
});

describe('npm run integ:aws', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sfn-redshift-report-'));

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const run = (...args: readonly string[]) =>
    spawnSync('npm', ['run', '--silent', 'integ:aws', '--', '--report', directory, ...args], {
      cwd: demoOptions(directory).cwd,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: directory, AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-east-1' },
    });

  it('without credentials, says so in one line', () => {
    const { status, stdout, stderr } = run('--target', 'create-serverless', '--yes');

    expect(stdout).toBe('');
    expect(stderr).toMatch(/^integ:aws: no AWS account to be had \([^\n]+\): set AWS_PROFILE and AWS_REGION[^\n]*\n$/);
    expect(status).toBe(2);
  });

  it.each([
    [[], '--target is missing: cluster:NAME/DB/USER, serverless:WORKGROUP/DB, create-serverless or create-cluster'],
    [
      ['--target', 'cluster:c1/dev'],
      '--target must be cluster:NAME/DB/USER, serverless:WORKGROUP/DB, create-serverless or create-cluster; received "cluster:c1/dev"',
    ],
    [
      ['--target', 'create-serverless', '--endpoint-url', 'here'],
      '--endpoint-url must be an http or https URL; received "here"',
    ],
  ])('refuses %s', (args, says) => {
    const { status, stderr } = run(...args);

    expect(stderr).toContain(`integ:aws: ${says}`);
    expect(stderr).toContain('Usage: npm run integ:aws');
    expect(status).toBe(2);
  });
});
