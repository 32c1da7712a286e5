/** The import rules of the design, section 2: who may know whom. A breach fails `npm run lint`. */
const ourPackages = '^packages/(shared|invoker|completer|construct|local|integ|prove|fuzz)/';

/** Runs at build time, and copies the contract's constants into the construct: what is published imports none of ours. */
const contractGenerator = '^packages/construct/scripts/generate-contract\\.mjs$';

const mayImportOnly = (name, allowed) => ({
  name: `${name}-boundary`,
  severity: 'error',
  comment: `${name} may import ${allowed.length ? allowed.join(' and ') : 'no other package'} of ours`,
  from: { path: `^packages/${name}/(src|demo|scenarios|bin|scripts)/`, pathNot: contractGenerator },
  to: { path: ourPackages, pathNot: `^packages/(${[name, ...allowed].join('|')})/` },
});

export default {
  forbidden: [
    mayImportOnly('shared', []),
    mayImportOnly('invoker', ['shared']),
    mayImportOnly('completer', ['shared']),
    mayImportOnly('construct', []),
    mayImportOnly('local', []),
    mayImportOnly('integ', ['construct', 'local']),
    mayImportOnly('fuzz', []),
    mayImportOnly('prove', ['shared', 'invoker', 'completer']),
    {
      name: 'nobody-imports-the-prover',
      severity: 'error',
      comment: 'prove drives the handlers; nothing of ours may depend on it',
      from: { path: '^packages/([^/]+)/', pathNot: '^packages/prove/' },
      to: { path: '^packages/prove/' },
    },
    {
      name: 'handlers-are-driven-by-the-prover-alone',
      severity: 'error',
      comment:
        'The sources of the handlers are exported for the prover (docs/decisions/0029); others use their bundles',
      from: { path: '^packages/([^/]+)/', pathNot: '^packages/prove/' },
      to: { path: '^packages/(invoker|completer)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'no-reaching-into-src',
      severity: 'error',
      comment: 'A package is used through its exports, never by a relative path into another package',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/[^/]+/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'zod-mini-only',
      severity: 'error',
      comment: 'The whole of zod is 350 KB of cold start; zod/mini is 20',
      from: { path: '^packages/(shared|invoker|completer)/src/' },
      to: {
        path: 'node_modules/zod/',
        pathNot: 'node_modules/zod/(v4/)?(mini|core)/',
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|/lib/.*\\.d\\.ts$|^packages/construct/(lib|assets)/|cdk\\.out)' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@sfn-redshift/source', 'import', 'node', 'default', 'require'],
      mainFields: ['main', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.d.ts', '.json'],
    },
  },
};
