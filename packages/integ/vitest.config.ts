import { mergeConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

/** Whole stages on a machine that other tests share: what hangs is given up later. */
export default mergeConfig(base, { test: { testTimeout: 90_000, hookTimeout: 120_000 } });
