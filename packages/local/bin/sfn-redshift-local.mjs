#!/usr/bin/env node
// Old syntax throughout, so that an old Node gets far enough to say that it is too old.
import { existsSync } from 'fs';
import { fileURLToPath } from 'url';

var OLDEST_NODE = 24;
var node = process.versions.node;

if (Number(node.split('.')[0]) < OLDEST_NODE) {
  process.stderr.write('sfn-redshift-local needs Node ' + OLDEST_NODE + ' or newer; this is Node ' + node + '.\n');
  process.exitCode = 2;
} else {
  // The sources are there in the workspace only; Node runs them as they are, never behind a stale build.
  var source = new URL('../src/cli.ts', import.meta.url);
  var cli = existsSync(fileURLToPath(source)) ? source : new URL('../dist/cli.js', import.meta.url);
  import(cli.href).then(function (module) {
    return module.run(process.argv.slice(2));
  });
}
