import { Controller, Get, Headers, Inject, Query, Req, Res, type Type } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FieldError } from '../kernel/parse-command.js';
import type { CellValue } from '../kernel/projection.js';
import type { AnyReport } from '../kernel/report.js';
import { readRows, ROWS_PAGE_DEFAULT, ROWS_PAGE_MAX, type RowsPage } from '../projector/report-rows.js';
import { AS_OF_DESCRIPTION } from '../projector/run-report.js';
import { CONDITIONS_MAX } from '../projector/row-conditions.js';
import { csvAsked, FORMAT_DESCRIPTION, sendCsv, SPREADSHEET_DESCRIPTION } from './csv-asked.js';
import { csvText } from './csv-text.js';
import { operationName } from './operation-name.js';
import { problem, ProblemError } from './problem.js';
import { asProblem } from './projection-side.js';
import { freshnessOf, READ_SIDE, waitUntilWritten, type ReadSide } from './read-side.js';

const KNOWN = ['table', 'where', 'sort', 'limit', 'cursor', 'asOf', 'tz'] as const;

/** The same question for the page behind this one. */
function nextAddress(request: FastifyRequest, next: string): string {
  const address = new URL(request.url, 'http://localhost');
  address.searchParams.set('cursor', next);
  address.searchParams.delete('minPosition'); // the first page has waited
  address.searchParams.delete('waitMs');
  return `${address.pathname}${address.search}`;
}

/** The route of the rows behind one report. */
export function reportRowsController(report: AnyReport): Type<unknown> {
  @ApiTags('reports')
  @Controller('v1/reports')
  class ReportRowsController {
    constructor(@Inject(READ_SIDE) readonly readSide: ReadSide) {}

    @Get(`${report.name}/rows`)
    @ApiOperation({ operationId: `Report${operationName(report.name)}Rows`, summary: `The rows behind the ${report.title.toLowerCase()} report`, description: 'One table at a time; docs/tables.md describes each. All pages of one question are of one moment, that of the first page.' })
    @ApiProduces('application/json', 'text/csv')
    @ApiQuery({ name: 'table', required: false, description: 'Which table. May be left out where there is but one' })
    @ApiQuery({ name: 'where', required: false, type: String, isArray: true, description: `Only rows for which all of these hold, ${CONDITIONS_MAX} at most: \`column.operator.value\`, such as \`owner_id.eq.ada\`. Operators: eq, ne, lt, lte, gt, gte, \`in\` with values between commas, \`is.null\` and \`is.set\`` })
    @ApiQuery({ name: 'sort', required: false, description: 'A column, with - before it for the largest first; rows without a value come last. Left out: by the key' })
    @ApiQuery({ name: 'limit', required: false, type: Number, description: `Rows a page, at most ${ROWS_PAGE_MAX}; default ${ROWS_PAGE_DEFAULT}` })
    @ApiQuery({ name: 'cursor', required: false, description: 'The `next` of the page before' })
    @ApiQuery({ name: 'asOf', required: false, description: AS_OF_DESCRIPTION })
    @ApiQuery({ name: 'tz', required: false, description: 'Time zone of the day that asOf names. Left out: the company’s' })
    @ApiQuery({ name: 'minPosition', required: false, description: 'Wait until the rows include this log position' })
    @ApiQuery({ name: 'waitMs', required: false, description: 'For how long' })
    @ApiQuery({ name: 'format', required: false, enum: ['json', 'csv'], description: FORMAT_DESCRIPTION })
    @ApiQuery({ name: 'spreadsheet', required: false, type: Boolean, description: SPREADSHEET_DESCRIPTION })
    @ApiOkResponse({ description: 'The rows with their columns; `next`, and the Link header, lead to the page behind' })
    @ApiResponse({ status: 400, description: '`validation_failed`' })
    @ApiResponse({ status: 429, description: '`too_many_requests`: as many reads run and wait as may' })
    @ApiResponse({ status: 503, description: '`view_behind`, `read_store_unavailable`, `report_too_slow`' })
    async get(@Query() query: Record<string, string | string[] | undefined>, @Headers('accept') accept: string | undefined, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<RowsPage | string> {
      const errors: FieldError[] = [];
      const given: Record<string, string | undefined> = {};
      const { where, ...single } = query;
      for (const [name, value] of Object.entries(single)) {
        if (Array.isArray(value)) errors.push({ field: name, message: `${name} is given more than once` });
        else given[name] = value;
      }
      const { minPosition, waitMs, format, spreadsheet, ...rest } = given;
      const freshness = freshnessOf(minPosition, waitMs, errors);
      const asked = csvAsked(accept, format, spreadsheet, errors);
      for (const name of Object.keys(rest)) if (!KNOWN.some((known) => known === name)) errors.push({ field: name, message: `${name} is not a parameter of rows; there are ${[...KNOWN, 'minPosition', 'waitMs', 'format', 'spreadsheet'].join(', ')}` });
      if (errors.length > 0) throw new ProblemError(problem('validation_failed', { errors }));
      void reply.header('vary', 'accept');
      try {
        await waitUntilWritten(this.readSide, report.projections, freshness);
        const outcome = await readRows(this.readSide.store, report, { ...rest, ...(where !== undefined && { where: [where].flat() }) }, this.readSide.head, this.readSide.companyZone);
        if (!outcome.ok) throw new ProblemError(problem('validation_failed', { errors: outcome.errors }));
        const { page } = outcome;
        if (page.next !== null) void reply.header('link', `<${nextAddress(request, page.next)}>; rel="next"`);
        return asked.csv ? sendCsv(reply, page.table, csvText(page.columns.map(({ name }) => name), page.rows.map((row) => page.columns.map(({ name }): CellValue => row[name] ?? null)), asked)) : page;
      } catch (error) {
        throw asProblem(error);
      }
    }
  }
  Object.defineProperty(ReportRowsController, 'name', { value: `${report.name}ReportRowsController` });
  return ReportRowsController;
}
