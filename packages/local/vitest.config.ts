import { mergeConfig } from 'vitest/config';
import base, { longestFirst } from '../../vitest.base.ts';

const sequencer = longestFirst('serve', 'jsonpath', 'jsonata-endless', 'conformance/jsonata', 'oracle', 'serve-update');

export default mergeConfig(base, {
  test: { globalSetup: ['tests/helpers/shared-postgres.ts'], sequence: { sequencer } },
});
