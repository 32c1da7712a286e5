/** A plugin for Stryker: what is not mutated, and why. It counts neither as killed nor as survived. */
import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

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

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'log-texts', {
    shouldIgnore: (path) => (isLogText(path) ? 'what a log line says to people is no behaviour' : undefined),
  }),
  declareValuePlugin(PluginKind.Ignore, 'live-clients', {
    shouldIgnore: (path) =>
      isLive(path) ? 'joins the parts to AWS: the tests of the bundles and the local stage use it' : undefined,
  }),
];
