import { Controller, Get, Inject, Query, type Type } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { AnyReport } from '../kernel/report.js';
import { NoSuchProjection } from '../projector/open-view.js';
import { runReport } from '../projector/run-report.js';
import { waitFor, WAIT_MS_MAX } from '../projector/wait-for.js';
import { ReadStoreError, type ReadStore } from '../readstore/sql.js';
import type { FieldError } from '../kernel/parse-command.js';
import { problem, ProblemError } from './problem.js';

/** Token of what reports are read from. */
export const READ_SIDE = Symbol('read side');

export interface ReadSide {
  readonly store: ReadStore;
  /** Tells of commits of the projections in this process; undefined where they run elsewhere. */
  readonly onCommit?: (listener: () => void) => () => void;
}

const WAIT_MS_DEFAULT = 5_000;
const WHOLE = /^\d{1,15}$/;

/** Waits until every projection of the report holds `minPosition`: the caller reads what they have just written. */
async function waitUntilWritten({ store, onCommit }: ReadSide, report: AnyReport, minPosition: string | undefined, waitMs: string | undefined): Promise<void> {
  const errors: FieldError[] = [];
  if (minPosition !== undefined && !WHOLE.test(minPosition)) errors.push({ field: 'minPosition', message: 'minPosition must be a log position: a whole number' });
  if (waitMs !== undefined && !(WHOLE.test(waitMs) && Number(waitMs) <= WAIT_MS_MAX)) errors.push({ field: 'waitMs', message: `waitMs must be a whole number from 0 to ${WAIT_MS_MAX}` });
  if (errors.length > 0) throw new ProblemError(problem('validation_failed', { errors }));
  if (minPosition === undefined) return;
  const timeoutMs = waitMs === undefined ? WAIT_MS_DEFAULT : Number(waitMs);
  const reached = await Promise.all(report.projections.map((projection) => waitFor(store, projection, Number(minPosition), timeoutMs, onCommit)));
  if (reached.includes(false)) throw new ProblemError(problem('view_behind', { detail: `position ${minPosition} is not in the report after ${timeoutMs} ms` }));
}

function translate(error: unknown): unknown {
  if (error instanceof NoSuchProjection) return new ProblemError(problem('view_behind', { detail: error.message }));
  if (error instanceof ReadStoreError && error.kind === 'unavailable') return new ProblemError(problem('read_store_unavailable', { detail: error.message }));
  if (error instanceof ReadStoreError && error.kind === 'timeout') return new ProblemError(problem('report_too_slow'));
  return error;
}

/** The route of one report, found by its folder. */
export function reportController(report: AnyReport): Type<unknown> {
  @ApiTags('reports')
  @Controller('v1/reports')
  class ReportController {
    constructor(@Inject(READ_SIDE) readonly readSide: ReadSide) {}

    @Get(report.name)
    @ApiOperation({ operationId: `Report${report.name}`, summary: report.title, description: [report.description, ...report.figures.map(({ name, definition }) => `- **${name}**: ${definition}`)].join('\n') })
    @ApiQuery({ type: report.params })
    @ApiQuery({ name: 'asOf', required: false, description: 'What was known then: a moment with its offset, or a log position. Left out: now' })
    @ApiQuery({ name: 'minPosition', required: false, description: 'Wait until the report includes this log position' })
    @ApiQuery({ name: 'waitMs', required: false, description: `For how long, at most ${WAIT_MS_MAX}; default ${WAIT_MS_DEFAULT}` })
    @ApiOkResponse({ description: 'The figures, with the definition, the moment and the log position they stand for' })
    async get(@Query() query: Record<string, string | undefined>): Promise<object> {
      const { minPosition, waitMs, ...params } = query;
      try {
        await waitUntilWritten(this.readSide, report, minPosition, waitMs);
        const outcome = await runReport(this.readSide.store, report, params);
        if (!outcome.ok) throw new ProblemError(problem('validation_failed', { errors: outcome.errors }));
        return outcome.answer;
      } catch (error) {
        throw translate(error);
      }
    }
  }
  Object.defineProperty(ReportController, 'name', { value: `${report.name}ReportController` });
  return ReportController;
}
