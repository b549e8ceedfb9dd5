import { Controller, Get, Param, type Type } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { AnyReport } from '../kernel/report.js';
import { problem, ProblemError, type Problem } from './problem.js';

/** What is said of a name below `v1/reports` that is neither a report's nor the id of one that was defined. */
export const unknownReport = (reports: readonly AnyReport[]) => (name: string): Problem =>
  problem('report_unknown', { detail: `${name}; there are ${reports.map((report) => report.name).sort().join(', ')}` });

/** The rows of a report that does not exist. */
export function unknownReportController(reports: readonly AnyReport[]): Type<unknown> {
  const absent = unknownReport(reports);

  @ApiExcludeController()
  @Controller('v1/reports')
  class UnknownReportController {
    @Get(':name/rows')
    rows(@Param('name') name: string): never {
      throw new ProblemError(absent(name));
    }
  }
  return UnknownReportController;
}
