import type { FieldDef } from 'pg';
import { validationError } from '../errors.ts';
import type { Cell, ResultSet } from '../results/outcome.ts';
import type { ScriptedColumn, ScriptedValue } from './script.ts';

/** PostgreSQL's OIDs of the types, by their names in SQL. */
const OIDS: Readonly<Record<string, number>> = {
  boolean: 16,
  bool: 16,
  bigint: 20,
  int8: 20,
  smallint: 21,
  int2: 21,
  integer: 23,
  int: 23,
  int4: 23,
  real: 700,
  float4: 700,
  'double precision': 701,
  float: 701,
  float8: 701,
  char: 1042,
  bpchar: 1042,
  varchar: 1043,
  text: 1043,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  timetz: 1266,
  numeric: 1700,
  decimal: 1700,
};
const [INTEGERS, BOOLEAN, NUMERIC] = [[20, 21, 23], 16, 1700];
const TYPE = /^([a-z0-9 ]+?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?$/;
/** PostgreSQL adds it to declared lengths and precisions. */
const MODIFIER_OFFSET = 4;

/** @throws AwsError `ValidationException` for types that are not known, and values that do not fit */
export const scriptedResultSet = (
  columns: readonly ScriptedColumn[],
  rows: readonly (readonly ScriptedValue[])[],
): ResultSet => {
  const fields = columns.map(fieldOf);
  return { columns: fields.map((field) => ({ field })), rows: rows.map((row) => cellsOf(row, fields)) };
};

const fieldOf = ({ name, type }: ScriptedColumn): FieldDef => {
  const [, base = '', length, scale] = TYPE.exec(type.trim().toLowerCase()) ?? [];
  const dataTypeID = OIDS[base];
  if (dataTypeID === undefined) throw validationError(`columns: the type ${type} is not known to scripts`);
  return {
    name,
    tableID: 0,
    columnID: 0,
    dataTypeID,
    dataTypeSize: -1,
    dataTypeModifier: length === undefined ? -1 : modifier(dataTypeID, Number(length), Number(scale ?? 0)),
    format: 'text',
  };
};

const modifier = (oid: number, length: number, scale: number): number =>
  (oid === NUMERIC ? length * 2 ** 16 + scale : length) + MODIFIER_OFFSET;

const cellsOf = (row: readonly ScriptedValue[], fields: readonly FieldDef[]): Cell[] => {
  if (row.length !== fields.length)
    throw validationError(`rows: a row has ${row.length} values for ${fields.length} columns`);
  return row.map((value, i) => cellOf(value, fields[i] as FieldDef));
};

/** As PostgreSQL writes it. */
const cellOf = (value: ScriptedValue, { dataTypeID, name }: FieldDef): Cell => {
  if (value === null) return null;
  if ((dataTypeID === BOOLEAN) !== (typeof value === 'boolean')) throw unfit(name);
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (INTEGERS.includes(dataTypeID) && !/^-?\d+$/.test(String(value))) throw unfit(name);
  return String(value);
};

const unfit = (column: string) => validationError(`rows: a value of column ${column} is not of the column's type`);
