import { Controller, Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CommandRegistry } from '../dispatch/registry.js';
import { ledgerRefusals } from '../eventstore/intent.js';
import { IMPORT_PROBLEMS } from '../import/import-problems.js';
import { SIMULATION_PROBLEMS } from '../simulation/simulation-problems.js';
import { problem, ProblemError, PROBLEMS, REFUSAL_STATUS } from './problem.js';

interface KnownProblem {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** The contexts that refuse with it; each may word the title for its own case. */
  readonly contexts?: readonly string[];
}

/** The pages that `type` of every problem points at. */
@ApiTags('problems')
@Controller('problems')
export class ProblemsController {
  readonly #known: ReadonlyMap<string, KnownProblem>;

  constructor(registry: CommandRegistry) {
    this.#known = new Map<string, KnownProblem>([
      ...Object.entries({ ...PROBLEMS, ...IMPORT_PROBLEMS, ...SIMULATION_PROBLEMS }).map(([code, { status, title }]) => [code, { code, status, title }] as const),
      ...Object.entries(ledgerRefusals).map(([code, { kind, title }]) => [code, { code, status: REFUSAL_STATUS[kind], title }] as const),
      ...registry.contexts.flatMap((context) => Object.entries(context.refusals).map(([code, { kind, title }]) => [code, { code, status: REFUSAL_STATUS[kind], title, contexts: this.#refusing(registry, code) }] as const)),
    ]);
  }

  #refusing({ contexts }: CommandRegistry, code: string): string[] {
    return contexts.filter(({ refusals }) => Object.hasOwn(refusals, code)).map(({ name }) => name);
  }

  @Get()
  @ApiOperation({ summary: 'Every problem code this server can answer with' })
  list() {
    return { problems: [...this.#known.values()] };
  }

  @Get(':code')
  @ApiOperation({ summary: 'What a problem code means' })
  one(@Param('code') code: string) {
    const found = this.#known.get(code);
    if (!found) throw new ProblemError(problem('route_not_found', { detail: `no problem is called ${code}` }));
    return found;
  }
}
