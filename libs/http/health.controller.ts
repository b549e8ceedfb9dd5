import { Controller, Get, Inject, Optional, Res, ServiceUnavailableException, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult, type HealthIndicatorResult } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { ISO_4217_EDITION } from '../kernel/iso-4217.js';
import { knownHead } from '../projector/known-head.js';
import { problemsOf, projectionStandings, type ProjectionStatus } from '../projector/status.js';
import { CLOCK_HEALTH, type ClockHealth } from './clock-health.js';
import { HealthFigures } from './health-figures.js';
import { PROJECTION_SIDE, type ProjectionSide } from './projection-side.js';

/** Whether the engine is well: alive, its stores there, its projections neither behind nor parking more than the limits allow, its clock ringing. */
@ApiTags('health')
@Controller('health')
export class HealthController implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #figures: HealthFigures<readonly ProjectionStatus[]> | undefined;

  constructor(
    @Inject(HealthCheckService) readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) readonly indicators: HealthIndicatorService,
    @Optional() @Inject(PROJECTION_SIDE) readonly side?: ProjectionSide,
    @Optional() @Inject(CLOCK_HEALTH) readonly clock?: ClockHealth,
  ) {
    this.#figures = side && new HealthFigures(() => projectionStandings(side.store, side.source, side.projections));
  }

  onApplicationBootstrap(): void {
    this.#figures?.start();
  }

  onModuleDestroy(): void {
    this.#figures?.stop();
  }

  @Get('live')
  @ApiOperation({ operationId: 'Live', summary: 'Whether the process answers' })
  live() {
    return { status: 'ok' };
  }

  @Get()
  @ApiOperation({ operationId: 'Health', summary: 'Whether the event store and the read store answer, every projection is within the limits of lag and parking, and deadlines are marked' })
  @ApiOkResponse({ description: 'All is well' })
  @ApiResponse({ status: 503, description: 'Something is not: `error` says what, in a sentence each' })
  async check(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult> {
    const { side, clock } = this;
    const figures = this.#figures;
    try {
      const stores = side && figures
        ? [() => this.#eventStore(side), () => this.#readStore(side, figures)]
        : [() => this.#noReadStore()];
      const deadlines = clock ? [() => this.#deadlinesClock(clock)] : [];
      return await this.health.check([...stores, ...deadlines, () => this.#referenceData()]);
    } catch (error) {
      // Terminus throws what it found; that is an answer and no problem of the request.
      if (!(error instanceof ServiceUnavailableException)) throw error;
      void reply.status(503);
      return error.getResponse() as HealthCheckResult; // thrown by the check above
    }
  }

  async #eventStore({ source }: ProjectionSide): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('event_store');
    const head = await knownHead(() => source.head());
    return head === null ? indicator.down({ problems: ['the event store does not answer'] }) : indicator.up({ head });
  }

  /** The read store, and the projections as it tells of them: as they were a moment ago, where it is busy. */
  async #readStore({ limits }: ProjectionSide, known: HealthFigures<readonly ProjectionStatus[]>): Promise<HealthIndicatorResult> {
    try {
      const { figures, ageMs } = await known.latest();
      return Object.assign({}, this.indicators.check('read_store').up({ ageSeconds: Math.round(ageMs / 1_000) }), ...figures.map((status) => this.#projection(status, problemsOf(status, limits)))) as HealthIndicatorResult; // merged results are one
    } catch (error) {
      return this.indicators.check('read_store').down({ problems: [error instanceof Error ? error.message : String(error)] });
    }
  }

  #projection({ projection, state, lagSeconds, parked }: ProjectionStatus, problems: readonly string[]): HealthIndicatorResult {
    const indicator = this.indicators.check(projection);
    const facts = { state, lagSeconds, parked };
    return problems.length === 0 ? indicator.up(facts) : indicator.down({ ...facts, problems });
  }

  async #deadlinesClock(clock: ClockHealth): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('deadlines_clock');
    const problem = clock.problem();
    return problem === undefined ? indicator.up() : indicator.down({ problems: [problem] });
  }

  /** The editions of what days and amounts are worked out by: the time-zone data of the Node.js that runs the engine, and its own currencies. */
  async #referenceData(): Promise<HealthIndicatorResult> {
    return this.indicators.check('reference_data').up({ timeZones: process.versions['tz'] ?? 'unknown', currencies: ISO_4217_EDITION });
  }

  async #noReadStore(): Promise<HealthIndicatorResult> {
    return this.indicators.check('read_store').down({ problems: ['this process has none'] });
  }
}
