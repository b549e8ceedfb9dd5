import { FigureTooLarge } from '../kernel/money.js';
import type { AnyProjection } from '../kernel/projection.js';
import { DefinitionChanged } from '../projector/builds.js';
import type { LogSource } from '../projector/log-source.js';
import { NoSuchProjection } from '../projector/open-view.js';
import { ParkingCeiling } from '../projector/parking-ceiling.js';
import { RebuildRunning } from '../projector/rebuild.js';
import type { HealthLimits } from '../projector/status.js';
import { NothingToSwap } from '../projector/swap.js';
import { ReadStoreError, type ReadStore } from '../readstore/sql.js';
import type { Role } from '../kernel/event.js';
import { problem, ProblemError } from './problem.js';
import { requestEnvelope } from './request-envelope.js';

/** Token of what the projections' own routes work on. */
export const PROJECTION_SIDE = Symbol('projection side');

export interface ProjectionSide {
  readonly store: ReadStore;
  readonly source: LogSource;
  readonly projections: readonly AnyProjection[];
  readonly limits: HealthLimits;
  /** Names this process where it rebuilds. */
  readonly owner: string;
}

/** Whoever runs the engine: a rebuild, a rollback or a discarded event changes what everyone sees. */
const OPERATORS: readonly Role[] = ['admin', 'system'];

/** Who asks, from the request's headers. @throws ProblemError where the role may not operate the engine */
export function operatorOf(headers: Readonly<Record<string, string>>): string {
  const { actor } = requestEnvelope(headers, undefined);
  if (!OPERATORS.includes(actor.role)) throw new ProblemError(problem('forbidden', { detail: `this is for ${OPERATORS.join(', ')}, not for ${actor.role}` }));
  return actor.id;
}

/** @throws ProblemError where this process has no read side, or no projection of this name */
export function projectionIn(side: ProjectionSide | undefined, name: string): { readonly side: ProjectionSide; readonly projection: AnyProjection } {
  const known = sideOf(side);
  const projection = known.projections.find((each) => each.name === name);
  if (!projection) throw new ProblemError(problem('projection_unknown', { detail: `${name}; there are ${known.projections.map((each) => each.name).join(', ')}` }));
  return { side: known, projection };
}

export function sideOf(side: ProjectionSide | undefined): ProjectionSide {
  if (!side) throw new ProblemError(problem('read_store_unavailable'));
  return side;
}

/** What the engine says of a request as a problem; anything else as it is. */
export function asProblem(error: unknown): unknown {
  if (error instanceof NoSuchProjection) return new ProblemError(problem('view_behind', { detail: error.message }));
  if (error instanceof NothingToSwap) return new ProblemError(problem('rollback_impossible', { detail: error.message }));
  if (error instanceof RebuildRunning) return new ProblemError(problem('rebuild_running', { detail: error.message }));
  if (error instanceof ParkingCeiling) return new ProblemError(problem('rebuild_failed', { detail: error.message }));
  if (error instanceof DefinitionChanged) return new ProblemError(problem('projection_changed', { detail: error.message }));
  if (error instanceof FigureTooLarge) return new ProblemError(problem('figure_too_large', { detail: error.message }));
  if (!(error instanceof ReadStoreError)) return error;
  if (error.kind === 'unavailable') return new ProblemError(problem('read_store_unavailable', { detail: error.message }));
  if (error.kind === 'busy') return new ProblemError(problem('too_many_requests', { detail: error.message }));
  if (error.kind === 'timeout') return new ProblemError(problem('report_too_slow'));
  return error;
}
