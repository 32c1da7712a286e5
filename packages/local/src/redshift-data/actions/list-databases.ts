import { metadataPage, metadataTarget } from '../catalog/metadata-request.ts';
import type { Action } from './action.ts';

/** The warehouse's databases. Every user sees them all, as in Redshift. */
export const listDatabases: Action = async (input, caller, deps) => {
  const target = metadataTarget(input, caller, deps);
  const find = () => deps.catalog.databases(target);
  const { items, nextToken } = await metadataPage(input, target, [], find, (name) => name);
  return { Databases: items, ...(nextToken !== undefined && { NextToken: nextToken }) };
};
