import { Controller, Get, Headers, HttpCode, Inject, Logger, Optional, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { isUndecodable, type LogEntry } from '../projector/log-source.js';
import { discardParked, inspectParked, listParked, PARKED_PAGE_MAX, retryParked, type Parked, type ParkedChoice, type Retried } from '../projector/parked.js';
import { jsonBody } from './framework-edge.js';
import { problem, ProblemError } from './problem.js';
import { asProblem, operatorOf, PROJECTION_SIDE, projectionIn, type ProjectionSide } from './projection-side.js';
import { POSITIONS, wholeParameter } from './whole-parameter.js';

const PAGE_DEFAULT = 100;

class RetryBody {
  @ApiProperty({ required: false, description: 'Only events of this key; left out: all' }) key?: string;
  @ApiProperty({ required: false, description: 'Only events of this stream' }) stream?: string;
}

/** @throws ProblemError naming each field that is unknown or no text */
function choiceOf(body: unknown): ParkedChoice {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new ProblemError(problem('validation_failed', { errors: [{ field: '', message: 'the body must be a JSON object' }] }));
  const errors = Object.entries(body).flatMap(([field, value]) => {
    if (field !== 'key' && field !== 'stream') return [{ field, message: `${field} is no field of a retry; there are key and stream` }];
    return typeof value === 'string' && value !== '' ? [] : [{ field, message: `${field} must be a text` }];
  });
  if (errors.length > 0) throw new ProblemError(problem('validation_failed', { errors }));
  return body;
}

/** What the log holds, without what only the engine needs. */
function told(entry: LogEntry | undefined): object | null {
  if (!entry) return null;
  if (isUndecodable(entry)) return entry;
  const { commandHash: _, ...event } = entry;
  return event;
}

/** Events that a projection could not fold, and those held behind them: what `pipeledger parked` asks. */
@ApiTags('projections')
@Controller('v1/projections/:name/parked')
export class ParkedController {
  readonly #logger = new Logger('projections');

  constructor(@Optional() @Inject(PROJECTION_SIDE) readonly side?: ProjectionSide) {}

  @Get()
  @ApiOperation({ operationId: 'ParkedEvents', summary: 'Events that wait, oldest first: poison, and what is held behind it' })
  @ApiParam({ name: 'name', type: String })
  @ApiQuery({ name: 'limit', required: false, type: Number, description: `At most ${PARKED_PAGE_MAX}; default ${PAGE_DEFAULT}` })
  @ApiQuery({ name: 'after', required: false, type: Number, description: 'The `next` of the page before' })
  @ApiOkResponse({ description: 'The events; `next` is null on the last page' })
  @ApiResponse({ status: 404, description: '`projection_unknown`' })
  async list(@Param('name') name: string, @Query('limit') limit?: string, @Query('after') after?: string): Promise<{ readonly parked: readonly Parked[]; readonly next: number | null }> {
    const count = limit === undefined ? PAGE_DEFAULT : wholeParameter('limit', limit, [1, PARKED_PAGE_MAX]);
    const from = after === undefined ? -1 : wholeParameter('after', after, POSITIONS);
    const { side } = projectionIn(this.side, name);
    const parked = await orProblem(() => side.store.read((sql) => listParked(sql, name, from, count)));
    return { parked, next: parked.length < count ? null : parked.at(-1)!.position };
  }

  @Get(':position')
  @ApiOperation({ operationId: 'ParkedEvent', summary: 'One parked event, with what the log holds of it now' })
  @ApiParam({ name: 'name', type: String })
  @ApiParam({ name: 'position', type: Number })
  @ApiOkResponse({ description: '`parked` says why it waits; `event` is the event itself, or why it cannot be decoded' })
  @ApiResponse({ status: 404, description: '`projection_unknown`, `parked_not_found`' })
  async inspect(@Param('name') name: string, @Param('position') position: string): Promise<{ readonly parked: Parked; readonly event: object | null }> {
    const at = wholeParameter('position', position, POSITIONS);
    const { side } = projectionIn(this.side, name);
    const found = await orProblem(() => side.store.read((sql) => inspectParked(sql, side.source, name, at)));
    if (!found) throw notParked(name, at);
    return { parked: found.parked, event: told(found.entry) };
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({ operationId: 'RetryParkedEvents', summary: 'Fold parked events again, in the order of the log', description: 'After the definition was mended: the tables become what they would be had nothing been parked. For admin and system.' })
  @ApiParam({ name: 'name', type: String })
  @ApiBody({ type: RetryBody, required: false })
  @ApiOkResponse({ description: 'How many are folded now, and how many of those that were to be retried are still parked' })
  @ApiResponse({ status: 404, description: '`projection_unknown`' })
  async retry(@Param('name') name: string, @Headers() headers: Record<string, string>, @Req() request: FastifyRequest): Promise<Retried> {
    const operator = operatorOf(headers);
    const choice = choiceOf(jsonBody(request));
    const { side, projection } = projectionIn(this.side, name);
    const retried = await orProblem(() => retryParked(side.store, side.source, projection, choice));
    this.#logger.log(`${operator} retried what is parked in ${name}: ${retried.folded} folded, ${retried.parked} still parked`);
    return retried;
  }

  @Post(':position/discard')
  @HttpCode(200)
  @ApiOperation({ operationId: 'DiscardParkedEvent', summary: 'Pass over one parked event for good, in every version and rebuild, and take up what it held back', description: 'The event stays in the log. For admin and system.' })
  @ApiParam({ name: 'name', type: String })
  @ApiParam({ name: 'position', type: Number })
  @ApiOkResponse({ description: 'How many of those behind it are folded now, and how many are still parked' })
  @ApiResponse({ status: 404, description: '`projection_unknown`, `parked_not_found`' })
  async discard(@Param('name') name: string, @Param('position') position: string, @Headers() headers: Record<string, string>): Promise<Retried> {
    const operator = operatorOf(headers);
    const at = wholeParameter('position', position, POSITIONS);
    const { side, projection } = projectionIn(this.side, name);
    const retried = await orProblem(() => discardParked(side.store, side.source, projection, at));
    if (!retried) throw notParked(name, at);
    this.#logger.log(`${operator} discarded position ${at} of ${name}: ${retried.folded} behind it folded, ${retried.parked} still parked`);
    return retried;
  }
}

const notParked = (name: string, position: number): ProblemError => new ProblemError(problem('parked_not_found', { detail: `${name} has nothing parked at ${position}` }));

async function orProblem<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asProblem(error);
  }
}
