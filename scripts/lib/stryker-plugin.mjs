/**
 * A plugin for Stryker: what is not mutated, and why (it counts neither as killed nor as survived), and survivors told as
 * soon as they are known.
 */
import { declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

const LEVELS = ['info', 'warn', 'error'];

/** `telemetry.warn`, `dependencies.telemetry.info`, `telemetry[idle.level]`. */
const isTelemetry = (callee) =>
  callee.type === 'MemberExpression' &&
  (callee.computed || LEVELS.includes(callee.property.name)) &&
  (callee.object.name === 'telemetry' || callee.object.property?.name === 'telemetry');

const isLogText = ({ parentPath, listKey, key }) =>
  parentPath?.node.type === 'CallExpression' &&
  listKey === 'arguments' &&
  key === 0 &&
  isTelemetry(parentPath.node.callee);

const isLive = ({ node }) => node.type === 'VariableDeclarator' && /^live[A-Z]/.test(node.id.name);

class Survivors {
  onMutantTested({ status, fileName, location: { start }, mutatorName, replacement }) {
    if (status !== 'Survived' && status !== 'NoCoverage') return;
    console.log(`${status} ${fileName}:${start.line}:${start.column + 1} ${mutatorName} ${replacement}`);
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Reporter, 'survivors', Survivors),
  declareValuePlugin(PluginKind.Ignore, 'log-texts', {
    shouldIgnore: (path) => (isLogText(path) ? 'what a log line says to people is no behaviour' : undefined),
  }),
  declareValuePlugin(PluginKind.Ignore, 'live-clients', {
    shouldIgnore: (path) =>
      isLive(path) ? 'joins the parts to AWS: the tests of the bundles and the local stage use it' : undefined,
  }),
];
