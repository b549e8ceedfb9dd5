import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Controller, Headers, Inject, Logger, Optional, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LEDGER } from '../dispatch/command-handlers.js';
import { CommandRegistry } from '../dispatch/registry.js';
import { EventStoreUnavailable } from '../eventstore/unavailable.js';
import type { Ledger } from '../eventstore/transact.js';
import { jsonBody } from '../http/framework-edge.js';
import { problem, ProblemError } from '../http/problem.js';
import { requestEnvelope } from '../http/request-envelope.js';
import type { Role } from '../kernel/event.js';
import { CLOCK_HOLD, type ClockHold } from './clock-hold.js';
import { foreignData } from './foreign-data.js';
import { planOf, type SimulationOptions } from './options.js';
import { simulationReports } from './play.js';
import type { SimulationCounts, SimulationReport } from './report.js';
import { simulationProblem } from './simulation-problems.js';
import { parseSimulationRequest, SimulationRequest } from './simulation-request.js';

/** Whoever may set policies may make up a company that has some. */
const ROLES: readonly Role[] = ['manager', 'admin'];

/** A made-up company, over HTTP: what `pipeledger simulate` asks for. */
@ApiTags('simulation')
@Controller('v1/simulations')
export class SimulationController {
  readonly #logger = new Logger('simulation');
  #isPlaying = false;

  constructor(@Inject(CommandRegistry) readonly registry: CommandRegistry, @Inject(LEDGER) readonly ledger: Ledger, @Optional() @Inject(CLOCK_HOLD) readonly clock?: ClockHold) {}

  @Post()
  @ApiOperation({
    operationId: 'Simulate', summary: 'Play a made-up company through the real commands: months of its life, with a virtual clock',
    description: 'Answers while it plays, one JSON object a line: start, progress, refused, summary or failed. All it writes has actors whose ids begin with `sim-` and the correlation id `simulation-<seed>-…`. Sent again it changes nothing; after an interruption it goes on, and no deadline rings until it is over.',
  })
  @ApiProduces('application/x-ndjson')
  @ApiBody({ type: SimulationRequest })
  @ApiResponse({ status: 200, description: 'The report' })
  @ApiResponse({ status: 409, description: '`simulation_log_in_use`, `simulation_running`: nothing was written' })
  async run(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Headers() headers: Record<string, string>): Promise<void> {
    const { options, force } = parseSimulationRequest(jsonBody(request), this.ledger.now());
    const { actor } = requestEnvelope(headers, undefined);
    if (!ROLES.includes(actor.role)) throw new ProblemError(problem('forbidden', { detail: `a simulation is for ${ROLES.join(', ')}, not for ${actor.role}` }));
    if (this.#isPlaying) throw simulationProblem('simulation_running');
    this.#isPlaying = true;
    try {
      const gone = new AbortController();
      reply.raw.on('close', () => gone.abort());
      const foreign = force ? undefined : await foreignData(this.ledger.log, planOf(options).id, gone.signal);
      if (foreign !== undefined) throw simulationProblem('simulation_log_in_use', { detail: foreign });
      const release = await this.clock?.hold();
      try {
        void reply.hijack();
        await this.#tell(reply.raw, options, gone.signal);
      } finally {
        await release?.(); // before the answer ends: whoever has read it all finds the clock running
        reply.raw.end();
      }
    } finally {
      this.#isPlaying = false;
    }
  }

  async #tell(response: ServerResponse, options: SimulationOptions, signal: AbortSignal): Promise<void> {
    response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    const tell = async (report: SimulationReport): Promise<void> => {
      if (!response.write(`${JSON.stringify(report)}\n`) && !signal.aborted) await once(response, 'drain', { signal });
    };
    let counts: SimulationCounts = { commands: 0, events: 0, replayed: 0, refused: 0 };
    try {
      for await (const report of simulationReports({ ledger: this.ledger, registry: this.registry, options, signal })) {
        if (report.kind === 'progress') counts = { commands: report.commands, events: report.events, replayed: report.replayed, refused: report.refused };
        await tell(report);
      }
    } catch (error) {
      if (signal.aborted) return this.#logger.warn(`the sender left after ${counts.commands} commands; until it is sent again, and goes on from there, no deadline rings`);
      this.#logger.error(`simulation stopped after ${counts.commands} commands`, error instanceof Error ? error.stack : String(error));
      const unavailable = error instanceof EventStoreUnavailable;
      await tell({ kind: 'failed', code: unavailable ? 'event_store_unavailable' : 'internal_error', detail: unavailable ? error.message : 'the engine failed; its log says why', ...counts });
    }
  }
}
