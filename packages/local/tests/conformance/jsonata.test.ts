import { loadCases } from './load-cases.ts';
import { defineSuite } from './suite.ts';

defineSuite('JSONata', await loadCases('jsonata'));
defineSuite('Mixed', await loadCases('mixed'));
