import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { LEDGER } from '../dispatch/command-handlers.js';
import { RULES } from '../domain/automation/rule-names.js';
import { automation } from '../domain/automation/decider.js';
import { rules } from '../domain/rules.js';
import { EventStoreLogSource } from '../eventstore/subscription.js';
import { foldHistory } from '../eventstore/engine-events.js';
import type { Ledger } from '../eventstore/transact.js';
import { jsonBody } from '../http/framework-edge.js';
import { problem, ProblemError } from '../http/problem.js';
import { asProblem } from '../http/projection-side.js';
import { READ_SIDE, type ReadSide } from '../http/report.controllers.js';
import type { FieldError } from '../kernel/parse-command.js';
import type { AnyRule, RuleSettings } from '../kernel/rule.js';
import type { Sql } from '../readstore/sql.js';
import { dryRun, type DryRun } from './dry-run.js';
import { DryRunBody, parseDryRun } from './dry-run-request.js';
import { ACTIONS_PAGE_MAX, DRY_RUNS_AT_ONCE, LAST_ACTIONS } from './limits.js';
import { readActions, readCounts, readLastActions, readPosition, type RuleAction } from './rule-actions.js';
import { effectiveSettings } from './rule-minds.js';
import { makeRuleTables } from './rule-store.js';

const PAGE_DEFAULT = 50;
const WHOLE = /^\d{1,15}$/;

const invalid = (...errors: readonly FieldError[]): ProblemError => new ProblemError(problem('validation_failed', { errors }));
const partsOf = (name: string): AnyRule[] => rules.filter((rule) => rule.name === name);

/** Whole where given; @throws ProblemError naming the field */
function whole(name: string, value: string | undefined, min: number, max: number): number | undefined {
  if (value === undefined) return undefined;
  if (!WHOLE.test(value) || Number(value) < min || Number(value) > max) throw invalid({ field: name, message: `${name} must be a whole number from ${min} to ${max}` });
  return Number(value);
}

/** What each rule did and why, and what it would have done. */
@ApiTags('automation')
@Controller('v1/rules')
export class RulesController {
  #dryRuns = 0;
  #tablesMade: Promise<void> | undefined;

  constructor(@Inject(LEDGER) readonly ledger: Ledger, @Inject(READ_SIDE) readonly readSide: ReadSide | undefined) {}

  @Get()
  @ApiOperation({ operationId: 'Rules', summary: 'Every rule: whether it is on, how it is set up, what it did and how many minutes that saved' })
  @ApiOkResponse({ description: 'The rules; `position` is how far they have acted upon the log' })
  async list(): Promise<object> {
    const names = [...new Set(rules.map(({ name }) => name))];
    const switches = await Promise.all(names.map((name) => this.#switchOf(name)));
    return this.#reading(async (sql) => {
      const [position, counts, last] = await Promise.all([readPosition(sql), readCounts(sql), readLastActions(sql, LAST_ACTIONS)]);
      return {
        position,
        rules: names.map((name, index) => {
          const [rule] = partsOf(name) as [AnyRule]; // its name was taken from the list
          const own = counts.filter((each) => each.rule === name);
          return {
            name, title: Object.entries(RULES).find(([known]) => known === name)?.[1].title ?? rule.summary, summary: rule.summary, ...switches[index],
            settings: effectiveSettings(rule, switches[index]?.given ?? {}), counts: Object.fromEntries(own.map(({ outcome, count }) => [outcome, count])),
            minutesSaved: own.reduce((sum, { minutesSaved }) => sum + minutesSaved, 0), lastActions: last.filter((each) => each.rule === name),
          };
        }),
      };
    });
  }

  @Get(':name/actions')
  @ApiOperation({ operationId: 'RuleActions', summary: 'What a rule did about what, and why; newest first' })
  @ApiParam({ name: 'name', type: String })
  @ApiQuery({ name: 'limit', required: false, type: Number, description: `At most ${ACTIONS_PAGE_MAX}; default ${PAGE_DEFAULT}` })
  @ApiQuery({ name: 'before', required: false, type: Number, description: 'The `next` of the page before' })
  @ApiOkResponse({ description: 'Each with its cause, its command, why, and what came of it; `next` leads to the page after it' })
  @ApiResponse({ status: 404, description: '`rule_unknown`: no rule has this name' })
  async actions(@Param('name') name: string, @Query('limit') limit?: string, @Query('before') before?: string): Promise<{ readonly actions: readonly RuleAction[]; readonly next: number | null }> {
    this.#known(name);
    const count = whole('limit', limit, 1, ACTIONS_PAGE_MAX) ?? PAGE_DEFAULT;
    const from = whole('before', before, 0, Number.MAX_SAFE_INTEGER);
    return this.#reading(async (sql) => {
      const actions = await readActions(sql, name, count, from);
      return { actions, next: actions.length < count ? null : actions.at(-1)!.seq };
    });
  }

  @Post(':name/dry-run')
  @HttpCode(200)
  @ApiOperation({ operationId: 'DryRunRule', summary: 'What a rule would have done in a period, by replaying the log through it; nothing is sent' })
  @ApiParam({ name: 'name', type: String })
  @ApiBody({ type: DryRunBody })
  @ApiOkResponse({ description: 'How many commands it would have sent, how many minutes they would have saved, and the first of them, each with its cause and why' })
  @ApiResponse({ status: 404, description: '`rule_unknown`: no rule has this name' })
  @ApiResponse({ status: 429, description: '`too_many_requests`: other dry runs are under way' })
  async dryRun(@Param('name') name: string, @Req() request: FastifyRequest): Promise<DryRun> {
    const parts = this.#known(name);
    const parsed = parseDryRun(jsonBody(request));
    if (!parsed.ok) throw invalid(...parsed.errors);
    const { from, to, settings } = parsed.request;
    if (this.#dryRuns >= DRY_RUNS_AT_ONCE) throw new ProblemError(problem('too_many_requests', { detail: `${DRY_RUNS_AT_ONCE} dry runs are under way` }));
    this.#dryRuns += 1;
    try {
      return await dryRun(new EventStoreLogSource(this.ledger.log), parts, from, to, settings);
    } finally {
      this.#dryRuns -= 1;
    }
  }

  #known(name: string): AnyRule[] {
    const parts = partsOf(name);
    if (parts.length === 0) throw new ProblemError(problem('rule_unknown', { detail: `${name}; there are ${[...new Set(rules.map((rule) => rule.name))].join(', ')}` }));
    return parts;
  }

  /** As the rule's own stream tells it now. */
  async #switchOf(name: string): Promise<{ readonly enabled: boolean; readonly given: RuleSettings }> {
    const history = await this.ledger.log.read(`automation-${name}`);
    const state = foldHistory(automation, history);
    return state.status === 'enabled' ? { enabled: true, given: state.settings } : { enabled: false, given: {} };
  }

  async #reading<T>(read: (sql: Sql) => Promise<T>): Promise<T> {
    const store = this.readSide?.store;
    if (!store) throw new ProblemError(problem('read_store_unavailable'));
    try {
      // Where the rules run in another process, or have never run, their tables may not be there yet.
      this.#tablesMade ??= makeRuleTables(store);
      await this.#tablesMade;
      return await store.read(read);
    } catch (error) {
      this.#tablesMade = undefined;
      throw asProblem(error);
    }
  }
}
