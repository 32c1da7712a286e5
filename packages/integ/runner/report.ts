import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { junitXml } from './junit.ts';
import type { Stage } from './stage.ts';

/** How a scenario came out. */
export interface ScenarioResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
  /** Why it failed or was skipped; empty where it passed. */
  readonly reason: string;
  /** Of one that failed: where. */
  readonly stack?: string;
}

/** What `report.json` holds. */
export interface Report {
  readonly stage: Stage['name'];
  readonly scenarios: readonly Omit<ScenarioResult, 'stack'>[];
}

const FILES = { json: 'report.json', junit: 'junit.xml' } as const;

/** Takes away what an earlier run has written: a run that ends without a report leaves none. */
export const removeReports = (directory: string): void => {
  for (const file of Object.values(FILES)) rmSync(join(directory, file), { force: true });
};

/** Writes `report.json` and `junit.xml`. */
export const writeReports = (directory: string, stage: Stage['name'], results: readonly ScenarioResult[]): void => {
  mkdirSync(directory, { recursive: true });
  const scenarios = results.map(({ name, status, seconds, reason }) => ({ name, status, seconds, reason }));
  const report: Report = { stage, scenarios };
  writeFileSync(join(directory, FILES.json), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(directory, FILES.junit), junitXml(`integ:${stage}`, results));
};

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const countsOf = (results: readonly ScenarioResult[]): Counts => {
  const count = (status: ScenarioResult['status']) => results.filter((result) => result.status === status).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
};
