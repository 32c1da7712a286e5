import { loadCases } from './load-cases.ts';
import { defineSuite } from './suite.ts';

defineSuite('JSONPath', await loadCases('jsonpath'));
