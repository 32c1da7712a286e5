import type { CatalogRow } from '../catalog/catalog.ts';
import { knownType } from './types.ts';

/** What AWS shows as the length of types without one. */
const UNLIMITED = 2_147_483_647;

/** `ColumnMetadata` of DescribeTable: no label, and a length that is the precision. */
export const tableColumn = (row: CatalogRow): Readonly<Record<string, unknown>> => {
  const type = knownType(Number(row.type_id));
  const length = type?.precision(Number(row.modifier)) ?? UNLIMITED;
  return {
    ...(row.default !== null && { columnDefault: row.default }),
    isCaseSensitive: false,
    isCurrency: false,
    isSigned: type?.isSigned ?? false,
    length,
    name: row.name,
    nullable: row.not_null === 't' ? 0 : 1,
    precision: length,
    scale: type?.scale(Number(row.modifier)) ?? 0,
    schemaName: row.schema,
    tableName: row.table,
    typeName: type?.name ?? row.type_name,
  };
};
