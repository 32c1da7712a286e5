/** Where statements run: a warehouse that there is, or one that is made for the run. */
export type TargetChoice =
  | {
      readonly kind: 'cluster';
      readonly clusterIdentifier: string;
      readonly database: string;
      readonly dbUser: string;
    }
  | { readonly kind: 'serverless'; readonly workgroupName: string; readonly database: string }
  | { readonly kind: 'create-cluster' }
  | { readonly kind: 'create-serverless' };

const FORMS = 'cluster:NAME/DB/USER, serverless:WORKGROUP/DB, create-serverless or create-cluster';

/** Reads what stands after `--target`. What names must look like is up to the construct. */
export const parseTarget = (text: string | undefined): TargetChoice => {
  if (text === undefined) throw new Error(`--target is missing: ${FORMS}`);
  const [, kind, rest = ''] = /^([a-z-]+)(?::(.*))?$/.exec(text) ?? [];
  const parts = rest.split('/');
  const [name = '', database = '', dbUser = ''] = parts;
  const isWhole = (count: number) => parts.length === count && parts.every((part) => part !== '');
  if (kind === 'cluster' && isWhole(3)) return { kind, clusterIdentifier: name, database, dbUser };
  if (kind === 'serverless' && isWhole(2)) return { kind, workgroupName: name, database };
  if (text === 'create-cluster' || text === 'create-serverless') return { kind: text };
  throw new Error(`--target must be ${FORMS}; received ${JSON.stringify(text)}`);
};
