import type { ColumnSpec } from '../../libs/kernel/projection.js';

/** Columns as tables of facts declare them; the text is the SQL comment. */
export const text = (comment: string): ColumnSpec => ({ type: 'text', comment });
export const maybe = (comment: string): ColumnSpec => ({ type: 'text', nullable: true, comment });
export const at = (comment: string): ColumnSpec => ({ type: 'timestamptz', comment });
export const maybeAt = (comment: string): ColumnSpec => ({ type: 'timestamptz', nullable: true, comment });
export const whole = (comment: string): ColumnSpec => ({ type: 'integer', comment });
export const maybeWhole = (comment: string): ColumnSpec => ({ type: 'integer', nullable: true, comment });
export const amount = (comment: string): ColumnSpec => ({ type: 'bigint', comment });
export const day = (comment: string): ColumnSpec => ({ type: 'date', comment });
export const flag = (comment: string): ColumnSpec => ({ type: 'boolean', comment });
