import { Controller, Get, Inject, Param, Query, Res, type Type } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { AnyContext } from '../kernel/context.js';
import { streamOf } from '../kernel/context.js';
import { commandSpec, type CommandClass } from '../kernel/command.js';
import { ID_PATTERN } from '../kernel/fields.js';
import type { DomainEvent, Recorded } from '../kernel/event.js';
import { LEDGER } from '../dispatch/command-handlers.js';
import { domainEventsOf, foldHistory } from '../eventstore/engine-events.js';
import type { Ledger } from '../eventstore/transact.js';
import { problem, ProblemError, type Problem } from './problem.js';

export const HISTORY_EVENTS_MAX = 500;
const WHOLE = /^\d{1,15}$/;
const WHOLE_MAX = 999_999_999_999_999;

/** Where a context's records live: the route that creates them. Undefined for a context whose records are made otherwise. */
export function collectionRoute(context: AnyContext): string | undefined {
  const creating = (context.commands as readonly CommandClass[]).map(commandSpec).find((spec) => spec.creates && spec.params.length === 0); // AnyContext forgets that its commands are command classes
  return creating?.route;
}

function wholeParameter(name: string, value: string | undefined, otherwise: number, [min, max]: readonly [number, number]): number {
  if (value === undefined) return otherwise;
  if (!WHOLE.test(value) || Number(value) < min || Number(value) > max) throw new ProblemError(problem('validation_failed', { errors: [{ field: name, message: `${name} must be a whole number from ${min} to ${max}` }] }));
  return Number(value);
}

/** A state as JSON can tell it: states hold maps and sets, which JSON would tell as empty objects. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]: [unknown, unknown]) => [String(key), plain(item)]));
  if (value instanceof Set) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/**
 * A record as its own stream tells it now (no view in between), and its history.
 * @param absent what is said of an id that no record has; left out: that there is no such record
 */
export function recordController(context: AnyContext, route: string, absent: (id: string) => Problem = (id) => problem('record_not_found', { detail: `${context.name} ${id}` })): Type<unknown> {
  /** As generated clients name it: `WorkLog`. */
  const noun = context.name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());

  @ApiTags(context.name)
  @Controller(`v1${route}`)
  class RecordController {
    constructor(@Inject(LEDGER) readonly ledger: Ledger) {}

    @Get(':id')
    @ApiOperation({ operationId: `Get${noun}`, summary: `The ${context.name} as its events tell it, now` })
    @ApiParam({ name: 'id', type: String })
    async get(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
      const history = await this.#history(id);
      const { revision, position } = history.at(-1)!;
      const changedAt = domainEventsOf(history).at(-1)!.occurredAt;
      const state: unknown = foldHistory<unknown, DomainEvent>(context.decider, history);
      void reply.header('etag', `"${revision}"`); // what a command's If-Match wants
      return { id, revision, position, changedAt, state: plain(state) };
    }

    @Get(':id/history')
    @ApiOperation({ operationId: `Get${noun}History`, summary: `All that happened to the ${context.name}, oldest first` })
    @ApiParam({ name: 'id', type: String })
    @ApiQuery({ name: 'fromRevision', required: false, type: Number })
    @ApiQuery({ name: 'limit', required: false, type: Number, description: `At most ${HISTORY_EVENTS_MAX}` })
    async history(@Param('id') id: string, @Query('fromRevision') from?: string, @Query('limit') limit?: string) {
      const fromRevision = wholeParameter('fromRevision', from, 0, [0, WHOLE_MAX]);
      const count = wholeParameter('limit', limit, 100, [1, HISTORY_EVENTS_MAX]);
      const history = domainEventsOf(await this.#history(id)).filter(({ revision }) => revision >= fromRevision);
      const next = history[count]?.revision ?? null;
      return { id, events: history.slice(0, count).map(({ commandHash: _, ...event }) => event), next };
    }

    async #history(id: string): Promise<Recorded[]> {
      const history = ID_PATTERN.test(id) ? await this.ledger.log.read(streamOf(context.category, id)) : [];
      if (domainEventsOf(history).length === 0) throw new ProblemError(absent(id));
      return history;
    }
  }
  Object.defineProperty(RecordController, 'name', { value: `${context.name}RecordController` });
  return RecordController;
}
