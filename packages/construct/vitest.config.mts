import { mergeConfig } from 'vitest/config';
import base from '../../vitest.base.ts';

export default mergeConfig(base, {
  test: { setupFiles: [new URL('tests/helpers/remove-directories.ts', import.meta.url).pathname] },
});
