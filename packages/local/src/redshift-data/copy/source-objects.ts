import { RedshiftError } from '../errors.ts';
import { type ObjectStore, S3Error } from '../s3/object-store.ts';
import type { CopyStatement } from '../sql/copy.ts';
import { locationOf, type S3Location } from '../sql/option-reader.ts';

/** Objects that are asked for before their turn comes. */
const AHEAD = 4;

/**
 * The contents of what a COPY loads, one object after the other: those under its prefix in the order of their keys, or
 * those of its manifest.
 *
 * @throws RedshiftError when there are none, or S3 refuses
 */
export async function* sourceObjects(
  { source, isManifest }: Pick<CopyStatement, 'source' | 'isManifest'>,
  store: ObjectStore,
): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const objects = isManifest ? await listed(source, store) : await found(source, store);
  const opening: Promise<AsyncIterable<Uint8Array> | undefined>[] = [];
  let at = 0;
  while (at < objects.length || opening.length > 0) {
    for (; at < objects.length && opening.length < AHEAD; at += 1) {
      const open = openObject(objects[at] as SourceObject, store);
      // Whoever stops earlier never comes to wait for it.
      open.catch(() => undefined);
      opening.push(open);
    }
    const content = await opening.shift();
    if (content) yield content;
  }
}

interface SourceObject extends S3Location {
  /** Passed over when it does not exist. */
  readonly isOptional?: boolean;
}

const openObject = async (object: SourceObject, store: ObjectStore): Promise<AsyncIterable<Uint8Array> | undefined> => {
  try {
    return await store.get(object);
  } catch (error) {
    if (object.isOptional && error instanceof S3Error && error.status === 404) return undefined;
    throw error;
  }
};

/** Empty objects stand for folders; there is nothing to load from them. */
const found = async (source: S3Location, store: ObjectStore): Promise<readonly SourceObject[]> => {
  const objects = (await store.list(source)).filter(({ bytes }) => bytes > 0);
  if (objects.length === 0) throw new RedshiftError(`ERROR: The specified S3 prefix '${source.key}' does not exist`);
  return objects;
};

const listed = async (source: S3Location, store: ObjectStore): Promise<readonly SourceObject[]> => {
  const entries = entriesOf(parsed(await store.getText(source)));
  if (!entries) throw new RedshiftError('ERROR: Problem reading manifest file - the manifest is not valid');
  return entries;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const entriesOf = (manifest: unknown): readonly SourceObject[] | undefined => {
  if (!isRecord(manifest) || !Array.isArray(manifest.entries) || manifest.entries.length === 0) return undefined;
  const entries = (manifest.entries as unknown[]).map((entry) => {
    if (!isRecord(entry) || typeof entry.url !== 'string') return undefined;
    return { ...locationOf('COPY from a manifest with', entry.url), isOptional: entry.mandatory !== true };
  });
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
