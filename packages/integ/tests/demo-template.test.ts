import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { DemoStack } from '../demo/demo-stack.ts';

it("The demo's template passes the CDK's own check of the finished template", () => {
  const outdir = mkdtempSync(join(tmpdir(), 'sfn-redshift-template-'));
  // Otherwise what it finds is a warning.
  const context = { '@aws-cdk/core:validateAgainstDefaultRules': true };
  const app = new App({ outdir, context, analyticsReporting: false, builtinCloudFormationValidation: true });
  new DemoStack(app, 'Demo');
  expect(() => app.synth()).not.toThrow();
  rmSync(outdir, { recursive: true });
});
