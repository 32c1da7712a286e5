import { mergeConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

export default mergeConfig(base, { test: { globalSetup: ['tests/helpers/shared-postgres.ts'] } });
