import { Controller, Get, Headers, Inject, Query, Res, type Type } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { FieldError } from '../kernel/parse-command.js';
import type { AnyReport } from '../kernel/report.js';
import { AS_OF_DESCRIPTION, runReport } from '../projector/run-report.js';
import { WAIT_MS_MAX } from '../projector/wait-for.js';
import { answerCsv, listsIn, mainList } from './answer-csv.js';
import { csvAsked, FORMAT_DESCRIPTION, sendCsv, SPREADSHEET_DESCRIPTION } from './csv-asked.js';
import { operationName } from './operation-name.js';
import { problem, ProblemError } from './problem.js';
import { asProblem } from './projection-side.js';
import { freshnessOf, READ_SIDE, WAIT_MS_DEFAULT, waitUntilWritten, type ReadSide } from './read-side.js';

export { READ_SIDE, type ReadSide } from './read-side.js';

/** The route of one report, found by its folder. */
export function reportController(report: AnyReport): Type<unknown> {
  @ApiTags('reports')
  @Controller('v1/reports')
  class ReportController {
    constructor(@Inject(READ_SIDE) readonly readSide: ReadSide) {}

    @Get(report.name)
    @ApiOperation({ operationId: `Report${operationName(report.name)}`, summary: report.title, description: [report.description, ...report.figures.map(({ name, definition }) => `- **${name}**: ${definition}`)].join('\n') })
    @ApiProduces('application/json', 'text/csv')
    @ApiQuery({ type: report.params })
    @ApiQuery({ name: 'asOf', required: false, description: AS_OF_DESCRIPTION })
    @ApiQuery({ name: 'minPosition', required: false, description: 'Wait until the report includes this log position' })
    @ApiQuery({ name: 'waitMs', required: false, description: `For how long, at most ${WAIT_MS_MAX}; default ${WAIT_MS_DEFAULT}` })
    @ApiQuery({ name: 'format', required: false, enum: ['json', 'csv'], description: FORMAT_DESCRIPTION })
    @ApiQuery({ name: 'list', required: false, description: 'With CSV: the list of the answer whose entries become lines, such as groups or previous.groups. Left out: its records, or else its first list' })
    @ApiQuery({ name: 'spreadsheet', required: false, type: Boolean, description: SPREADSHEET_DESCRIPTION })
    @ApiOkResponse({ description: 'The figures, with the definition, the moment and the log position they stand for' })
    @ApiResponse({ status: 400, description: '`validation_failed`' })
    @ApiResponse({ status: 422, description: '`figure_too_large`' })
    @ApiResponse({ status: 429, description: '`too_many_requests`: as many reads run and wait as may' })
    @ApiResponse({ status: 503, description: '`view_behind`, `read_store_unavailable`, `report_too_slow`' })
    async get(@Query() query: Record<string, string | undefined>, @Headers('accept') accept: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Promise<object | string> {
      const { minPosition, waitMs, format, list, spreadsheet, ...params } = query;
      const errors: FieldError[] = [];
      const freshness = freshnessOf(minPosition, waitMs, errors);
      const asked = csvAsked(accept, format, spreadsheet, errors);
      if (errors.length > 0) throw new ProblemError(problem('validation_failed', { errors }));
      void reply.header('vary', 'accept');
      try {
        await waitUntilWritten(this.readSide, report.projections, freshness);
        const outcome = await runReport(this.readSide.store, report, params, this.readSide.head, this.readSide.companyZone);
        if (!outcome.ok) throw new ProblemError(problem('validation_failed', { errors: outcome.errors }));
        if (!asked.csv) return outcome.answer;
        const lists = listsIn(outcome.answer);
        if (list !== undefined && !lists.has(list)) throw new ProblemError(problem('validation_failed', { errors: [{ field: 'list', message: `list must be one of ${[...lists.keys()].join(', ')}` }] }));
        return sendCsv(reply, report.name, answerCsv(outcome.answer, list ?? mainList(lists, report.figures), asked));
      } catch (error) {
        throw asProblem(error);
      }
    }
  }
  Object.defineProperty(ReportController, 'name', { value: `${report.name}ReportController` });
  return ReportController;
}
