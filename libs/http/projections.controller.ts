import { Controller, Get, Headers, HttpCode, Inject, Logger, Optional, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnyProjection } from '../kernel/projection.js';
import { rebuild, type RebuildOptions } from '../projector/rebuild.js';
import { endOf, thinned, type RebuildReport } from '../projector/rebuild-report.js';
import { problemsOf, projectionStatuses, type ProjectionStatus } from '../projector/status.js';
import { rollBack } from '../projector/swap.js';
import { jsonBody } from './framework-edge.js';
import { NdjsonAnswer } from './ndjson-answer.js';
import { problem, ProblemError } from './problem.js';
import { asProblem, operatorOf, PROJECTION_SIDE, projectionIn, sideOf, type ProjectionSide } from './projection-side.js';

/** Between two lines of a rebuild's progress. */
const PROGRESS_INTERVAL_MS = 200;
/** A long comparison says nothing for a while; whoever listens would take the silence for the end. */
const PULSE_MS = 15_000;

type Told = ProjectionStatus & { readonly problems: readonly string[] };

class RebuildBody {
  @ApiProperty({ required: false, description: 'Do not compare: the rebuilt tables take over whatever they hold' }) force?: boolean;
  @ApiProperty({ required: false, description: 'Throw away what an interrupted rebuild has filled so far' }) afresh?: boolean;
}

/** @throws ProblemError naming each field that is unknown or no flag */
function rebuildOptions(body: unknown): Pick<RebuildOptions, 'force' | 'afresh'> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ProblemError(problem('validation_failed', { errors: [{ field: '', message: 'the body must be a JSON object' }] }));
  const errors = Object.entries(body).flatMap(([field, value]) => {
    if (field !== 'force' && field !== 'afresh') return [{ field, message: `${field} is no field of a rebuild; there are force and afresh` }];
    return typeof value === 'boolean' ? [] : [{ field, message: `${field} must be true or false` }];
  });
  if (errors.length > 0) throw new ProblemError(problem('validation_failed', { errors }));
  return body;
}

/** Where the read models stand, and what is done about it: what `pipeledger projections` asks. */
@ApiTags('projections')
@Controller('v1/projections')
export class ProjectionsController {
  readonly #logger = new Logger('projections');

  constructor(@Optional() @Inject(PROJECTION_SIDE) readonly side?: ProjectionSide) {}

  @Get()
  @ApiOperation({ operationId: 'Projections', summary: 'Every projection: position, head, lag in events and seconds, state, owner, epoch, last error, parked, events a second' })
  @ApiOkResponse({ description: 'The projections; `problems` says what is wrong with each by the limits of this engine' })
  async list(): Promise<{ readonly projections: readonly Told[] }> {
    const side = sideOf(this.side);
    return { projections: await this.#statuses(side, side.projections) };
  }

  @Get(':name')
  @ApiOperation({ operationId: 'Projection', summary: 'Where one projection stands' })
  @ApiParam({ name: 'name', type: String })
  @ApiOkResponse({ description: 'The projection, partition by partition, and its builds that do not serve' })
  @ApiResponse({ status: 404, description: '`projection_unknown`' })
  async one(@Param('name') name: string): Promise<Told> {
    const { side, projection } = projectionIn(this.side, name);
    const [status] = await this.#statuses(side, [projection]);
    return status!; // one asked for, one told
  }

  @Post(':name/rebuild')
  @ApiOperation({
    operationId: 'RebuildProjection', summary: 'Rebuild a projection beside the tables that serve, compare, and swap',
    description: 'Answers while it rebuilds, one JSON object a line: progress, then swapped, differs, interrupted or failed. The serving tables answer all the while. Whoever leaves interrupts it; asked for again it goes on from there. For admin and system.',
  })
  @ApiParam({ name: 'name', type: String })
  @ApiProduces('application/x-ndjson')
  @ApiBody({ type: RebuildBody, required: false })
  @ApiResponse({ status: 200, description: 'The report' })
  @ApiResponse({ status: 404, description: '`projection_unknown`' })
  @ApiResponse({ status: 409, description: '`rebuild_running`, `projection_changed`: nothing was done' })
  @ApiResponse({ status: 422, description: '`rebuild_failed`: an event cannot be folded; told in the report where others were folded before' })
  async rebuild(@Param('name') name: string, @Headers() headers: Record<string, string>, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const operator = operatorOf(headers);
    const options = rebuildOptions(jsonBody(request));
    const { side, projection } = projectionIn(this.side, name);
    const answer = new NdjsonAnswer<RebuildReport>(reply);
    this.#logger.log(`${operator} rebuilds ${name}`);
    let last: RebuildReport | undefined;
    const pulse = setInterval(() => last && answer.tell(last), PULSE_MS);
    try {
      const onProgress = thinned(PROGRESS_INTERVAL_MS, (progress) => answer.tell((last = { kind: 'progress', ...progress })));
      const outcome = await rebuild(side.store, side.source, projection, { ...options, owner: side.owner, signal: answer.signal, onProgress });
      answer.tell(endOf(outcome));
    } catch (error) {
      const known = asProblem(error);
      if (!answer.begun) throw known;
      if (known instanceof ProblemError) return answer.tell({ kind: 'failed', code: known.problem.code, detail: known.problem.detail ?? known.problem.title });
      this.#logger.error(`rebuild of ${name} failed`, error instanceof Error ? error.stack : String(error));
      answer.tell({ kind: 'failed', code: 'internal_error', detail: 'the engine failed; its log says why' });
    } finally {
      clearInterval(pulse);
      answer.end();
    }
  }

  @Post(':name/rollback')
  @HttpCode(200)
  @ApiOperation({ operationId: 'RollBackProjection', summary: 'Let the former tables of a projection serve again', description: 'In one transaction. Those that served are set aside until the next rebuild. For admin and system.' })
  @ApiParam({ name: 'name', type: String })
  @ApiOkResponse({ description: '`version` and `build` serve now; `declaredVersion` is the one that this engine writes: where they differ, the former program must run for the tables to go on' })
  @ApiResponse({ status: 404, description: '`projection_unknown`' })
  @ApiResponse({ status: 409, description: '`rollback_impossible`: there are no former tables' })
  async rollBack(@Param('name') name: string, @Headers() headers: Record<string, string>): Promise<{ readonly projection: string; readonly version: number; readonly build: number; readonly declaredVersion: number }> {
    const operator = operatorOf(headers);
    const { side, projection } = projectionIn(this.side, name);
    try {
      const { version, build } = await rollBack(side.store, name);
      this.#logger.log(`${operator} rolled ${name} back to version ${version}, build ${build}`);
      return { projection: name, version, build, declaredVersion: projection.version };
    } catch (error) {
      throw asProblem(error);
    }
  }

  async #statuses({ store, source, limits }: ProjectionSide, projections: readonly AnyProjection[]): Promise<Told[]> {
    try {
      return (await projectionStatuses(store, source, projections)).map((status) => ({ ...status, problems: problemsOf(status, limits) }));
    } catch (error) {
      throw asProblem(error);
    }
  }
}
