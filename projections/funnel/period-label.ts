import type { Unit } from '../coordinator-efficiency/period.js';

/** SQL for the name of the calendar unit that a local time lies in. Quarters and years begin with the fiscal year, which bears the number of the year it starts in. */
export function periodLabel(zoned: string, unit: Unit, fiscalStartMonth: number): string {
  const fiscal = (format: string): string => (fiscalStartMonth === 1 ? `to_char(${zoned}, '${format}')` : `to_char(${zoned} - ${fiscalStartMonth - 1} * interval '1 month', '"FY"${format}')`);
  switch (unit) {
    case 'day': return `to_char(${zoned}, 'YYYY-MM-DD')`;
    case 'week': return `to_char(${zoned}, 'IYYY-"W"IW')`;
    case 'month': return `to_char(${zoned}, 'YYYY-MM')`;
    case 'quarter': return fiscal('YYYY-"Q"Q');
    case 'year': return fiscal('YYYY');
  }
}
