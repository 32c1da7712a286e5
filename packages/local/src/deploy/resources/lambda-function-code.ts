import { statSync } from 'node:fs';
import type { FunctionConfig } from '../../lambda/index.ts';
import type { Asset } from '../assembly.ts';
import type { Properties } from '../properties.ts';

const NO_CODE: FunctionConfig['code'] = { inline: '' };

/** Code of the assembly: a directory that the CDK would zip and upload, or inline text. */
export const functionCode = (properties: Properties, assets: ReadonlyMap<string, Asset>): FunctionConfig['code'] => {
  const code = properties.object('Code');
  if (!code) properties.refuse('Code', 'is required');
  if (!code) return NO_CODE;
  code.withoutEffect('S3Bucket');
  const inline = code.string('ZipFile');
  return inline === undefined ? assetCode(code, assets) : { inline };
};

const assetCode = (code: Properties, assets: ReadonlyMap<string, Asset>): FunctionConfig['code'] => {
  const key = code.requiredString('S3Key');
  const asset = assets.get(key);
  if (!asset) code.refuse('S3Key', `names ${key}, which is no asset of the assembly`);
  else if (!isDirectory(asset.path)) code.refuse('S3Key', `names ${asset.path}, which is not a directory`);
  return asset ? { directory: asset.path } : NO_CODE;
};

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
