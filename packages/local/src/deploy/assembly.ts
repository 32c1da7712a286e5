import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inOrder } from './ordering.ts';
import type { Template } from './template.ts';

/** A directory that is no cloud assembly, or one that cannot be deployed as it stands. */
export class AssemblyError extends Error {
  override readonly name = 'AssemblyError';
}

/** A file or directory that a template refers to by its place in the bootstrap bucket. */
export interface Asset {
  readonly path: string;
  /** `zip`: a directory that the CDK would zip; `file`: a single file. */
  readonly packaging: string;
}

export interface StackArtifact {
  readonly stackName: string;
  readonly template: Template;
  /** Undefined where the assembly is agnostic of it. */
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  /** By object key. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** Construct path of a resource, such as `MyStack/Tasker/Table`. */
  pathOf(logicalId: string): string;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: Readonly<Record<string, string>>;
  readonly metadata?: Metadata;
  readonly additionalMetadataFile?: string;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
  readonly missing?: readonly { readonly key: string }[];
}

type Metadata = Readonly<Record<string, readonly { readonly type: string; readonly data?: unknown }[]>>;

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string; readonly packaging?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/**
 * The stacks of a synthesized cloud assembly and of the assemblies nested in it, each after those it depends on.
 *
 * A reader of our own: the official schema package refuses assemblies newer than itself and weighs 1.7 MB, for five fields that have kept
 * their form since CDK 1.
 *
 * @throws AssemblyError
 */
export const readAssembly = (directory: string): StackArtifact[] => {
  const manifest = readManifest(directory);
  const artifacts = manifest.artifacts ?? {};
  const needs = new Map(Object.entries(artifacts).map(([id, artifact]) => [id, new Set(artifact.dependencies ?? [])]));
  return inOrder(needs).flatMap((id) => stacksOf(directory, id, artifacts));
};

const stacksOf = (directory: string, id: string, artifacts: Readonly<Record<string, Artifact>>): StackArtifact[] => {
  const artifact = artifacts[id];
  if (artifact?.type === 'cdk:cloud-assembly')
    return readAssembly(path.join(directory, artifact.properties?.directoryName ?? id));
  if (artifact?.type === 'aws:cloudformation:stack') return [readStack(directory, id, artifact, artifacts)];
  return [];
};

const readManifest = (directory: string): Manifest => {
  const manifest = readJson<Manifest>(path.join(directory, 'manifest.json'), `no cloud assembly at ${directory}`);
  const missing = (manifest.missing ?? []).map((context) => context.key);
  if (missing.length > 0)
    throw new AssemblyError(`the cloud assembly at ${directory} misses context: ${missing.join(', ')}`);
  return manifest;
};

const readStack = (
  directory: string,
  id: string,
  artifact: Artifact,
  artifacts: Readonly<Record<string, Artifact>>,
): StackArtifact => {
  const file = artifact.properties?.templateFile ?? '';
  const stackName = artifact.properties?.stackName ?? id;
  const metadata = readMetadata(directory, artifact);
  const template = readJson<Template>(path.join(directory, file), `stack ${stackName}: no template`);
  return {
    stackName,
    template,
    ...environmentOf(artifact),
    assets: readAssets(directory, artifact, artifacts),
    pathOf: (logicalId) => pathIn(template, logicalId) ?? metadata.get(logicalId) ?? `${stackName}/${logicalId}`,
  };
};

/** `aws://ACCOUNT/REGION`, with `unknown-account` and `unknown-region` for what the app did not fix. */
const environmentOf = (artifact: Artifact) => {
  const [accountId, region] = (artifact.environment ?? '').replace('aws://', '').split('/');
  const known = (value: string | undefined) => (value && !value.startsWith('unknown-') ? value : undefined);
  return { accountId: known(accountId), region: known(region) };
};

const withoutDefaultChild = (constructPath: string): string =>
  constructPath.replace(/\/Resource$/, '').replace(/^\//, '');

const pathIn = (template: Template, logicalId: string): string | undefined => {
  const recorded = template.Resources?.[logicalId]?.Metadata?.['aws:cdk:path'];
  return typeof recorded === 'string' ? withoutDefaultChild(recorded) : undefined;
};

/** Construct paths by logical id, as the assembly keeps them when the templates carry none. */
const readMetadata = (directory: string, artifact: Artifact): ReadonlyMap<string, string> => {
  const file = artifact.additionalMetadataFile;
  const metadata = file ? readJson<Metadata>(path.join(directory, file), 'no metadata') : (artifact.metadata ?? {});
  const paths = Object.entries(metadata).flatMap(([constructPath, entries]) =>
    entries
      .filter((entry) => entry.type === 'aws:cdk:logicalId')
      .map((entry) => [String(entry.data), withoutDefaultChild(constructPath)] as const),
  );
  return new Map(paths);
};

const readAssets = (
  directory: string,
  stack: Artifact,
  artifacts: Readonly<Record<string, Artifact>>,
): ReadonlyMap<string, Asset> => {
  const manifests = (stack.dependencies ?? [])
    .map((id) => artifacts[id])
    .filter((artifact) => artifact?.type === 'cdk:asset-manifest')
    .map((artifact) =>
      readJson<AssetManifest>(path.join(directory, artifact?.properties?.file ?? ''), 'no asset manifest'),
    );
  return new Map(manifests.flatMap((manifest) => assetsOf(directory, manifest)));
};

const assetsOf = (directory: string, manifest: AssetManifest): (readonly [string, Asset])[] =>
  Object.values(manifest.files ?? {}).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(
      ({ objectKey }) =>
        [
          objectKey,
          { path: path.resolve(directory, source.path ?? ''), packaging: source.packaging ?? 'file' },
        ] as const,
    ),
  );

const readJson = <T>(file: string, problem: string): T => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (cause) {
    throw new AssemblyError(`${problem}: ${file} ${cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read'}`, {
      cause,
    });
  }
};
