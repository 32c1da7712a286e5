import type { ResultColumn } from './outcome.ts';
import { resultTypeOf } from './types.ts';

/** `ColumnMetadata` of GetStatementResult. */
export const columnMetadata = ({ field, origin }: ResultColumn): Readonly<Record<string, unknown>> => {
  const type = resultTypeOf(field);
  return {
    isCaseSensitive: type.isCaseSensitive,
    isCurrency: false,
    isSigned: type.isSigned,
    label: field.name,
    length: 0,
    name: field.name,
    nullable: origin?.notNull ? 0 : 1,
    precision: type.precision(field.dataTypeModifier),
    scale: type.scale(field.dataTypeModifier),
    schemaName: origin?.schema ?? '',
    tableName: origin?.table ?? '',
    typeName: type.name,
  };
};
