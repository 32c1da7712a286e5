import type { FieldDef } from 'pg';
import { RedshiftError } from '../errors.ts';

type FieldKind = 'long' | 'double' | 'boolean' | 'string' | 'timestamp' | 'time' | 'super';

/** A type as results show it. */
export interface ResultType {
  readonly kind: FieldKind;
  /** `typeName` of the column's metadata. */
  readonly name: string;
  readonly precision: (modifier: number) => number;
  readonly scale: (modifier: number) => number;
  readonly isSigned: boolean;
  readonly isCaseSensitive: boolean;
}

/** PostgreSQL stores a declared length, precision and scale with 4 added. */
const MODIFIER_OFFSET = 4;
/** Redshift's longest, for text without a declared length. */
const LONGEST_VARCHAR = 65_535;

const type = (kind: FieldKind, name: string, precision: number, scale = 0): ResultType => ({
  kind,
  name,
  precision: () => precision,
  scale: () => scale,
  isSigned: kind === 'long' || kind === 'double',
  isCaseSensitive: false,
});

const text = (name: string, unlimited: number): ResultType => ({
  ...type('string', name, 0),
  precision: (modifier) => (modifier < 0 ? unlimited : modifier - MODIFIER_OFFSET),
  isCaseSensitive: true,
});

const numeric: ResultType = {
  ...type('string', 'numeric', 0),
  precision: (modifier) => (modifier < 0 ? 0 : (modifier - MODIFIER_OFFSET) >> 16),
  scale: (modifier) => (modifier < 0 ? 0 : (modifier - MODIFIER_OFFSET) & 0x7ff),
  isSigned: true,
};

/** By the type's OID in PostgreSQL: the types that Redshift has too. */
const TYPES: Readonly<Record<number, ResultType>> = {
  16: type('boolean', 'bool', 1),
  18: text('char', 1),
  19: text('name', 63),
  20: type('long', 'int8', 19),
  21: type('long', 'int2', 5),
  23: type('long', 'int4', 10),
  25: text('varchar', LONGEST_VARCHAR),
  26: type('long', 'oid', 10),
  700: type('double', 'float4', 8, 8),
  701: type('double', 'float8', 17, 17),
  1042: text('bpchar', 1),
  1043: text('varchar', LONGEST_VARCHAR),
  1082: type('string', 'date', 13),
  1083: type('time', 'time', 15, 6),
  1114: type('timestamp', 'timestamp', 29, 6),
  1184: type('string', 'timestamptz', 35, 6),
  1266: type('string', 'timetz', 21, 6),
  1700: numeric,
  // PostgreSQL's `jsonb`, which is what SUPER is made of.
  3802: { ...type('super', 'super', LONGEST_VARCHAR), isCaseSensitive: true },
};

/** Undefined for a type that Redshift does not have, or only in its catalog. */
export const knownType = (oid: number): ResultType | undefined => TYPES[oid];

export const resultTypeOf = ({ dataTypeID, name }: FieldDef): ResultType => {
  const known = TYPES[dataTypeID];
  if (known) return known;
  throw new RedshiftError(
    `ERROR: the type of column "${name}" (PostgreSQL type ${dataTypeID}) is not supported by the local stage`,
  );
};

/** @throws RedshiftError for a column of a type that Redshift does not have */
export const checkTypes = (fields: readonly FieldDef[]): void => void fields.map(resultTypeOf);
