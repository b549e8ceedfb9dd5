import { BinaryWriter } from './binary-writer.js';
import type { CopyType, SqlList } from './sql.js';

/** PostgreSQL's own numbers of its types. */
const OID: Readonly<Record<CopyType, number>> = { boolean: 16, bigint: 20, integer: 23, text: 25, json: 114, double: 701, date: 1082, timestamptz: 1184, jsonb: 3802 };

/** A list in the binary form of an SQL array: dimensions, whether it may hold nulls, the type; length and first index of the only dimension; the values. @throws ReadStoreError `rejected` */
export function binaryList({ type, values }: SqlList): Buffer {
  const writer = new BinaryWriter();
  for (const number of [1, 1, OID[type], values.length, 1]) writer.int4(number);
  for (const value of values) writer.value(type, value);
  const pieces = writer.end();
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}
