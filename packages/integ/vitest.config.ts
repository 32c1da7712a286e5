import { mergeConfig } from 'vitest/config';
import base, { longestFirst } from '../../vitest.base.ts';

const sequencer = longestFirst('scenarios', 'demo-signals', 'aws-runner', 'stack-updates', 'runner');

export default mergeConfig(base, { test: { sequence: { sequencer } } });
