import { problem, ProblemError } from '../http/problem.js';
import { IsDay, IsFlag, IsWhole } from '../kernel/fields.js';
import type { Instant, LocalDate } from '../kernel/event.js';
import { parseCommand } from '../kernel/parse-command.js';
import { DEFAULTS, EVENTS_MAX, EVENTS_MIN, MONTHS_MAX, SEED_MAX, startOfMonth, TEAM_MAX, TEAM_MIN, type SimulationOptions } from './options.js';

/** The body of a request to play a simulation. No command of a context: nothing of it is stored. */
export class SimulationRequest {
  declare readonly type: 'SimulationRequest';
  @IsWhole(0, SEED_MAX, { optional: true, description: `The same seed and options give the same log; left out: ${DEFAULTS.seed}` }) seed?: number;
  @IsWhole(1, MONTHS_MAX, { optional: true, description: `Left out: ${DEFAULTS.months}` }) months?: number;
  @IsWhole(TEAM_MIN, TEAM_MAX, { optional: true, description: `Members over the whole time; left out: ${DEFAULTS.team}` }) team?: number;
  @IsWhole(EVENTS_MIN, EVENTS_MAX, { optional: true, description: 'About how many events: business is livelier or quieter for it. Left out: about 5,000 a member and year' }) events?: number;
  @IsDay({ optional: true, description: 'The first day that is no longer simulated, today at the latest; left out: the first day of this month' }) end?: LocalDate;
  @IsFlag({ optional: true, description: 'Also into a log that holds other data: the company’s policy is then set anew' }) force?: boolean;
}

/** @throws ProblemError naming each field that is wrong */
export function parseSimulationRequest(body: unknown, now: Instant): { readonly options: SimulationOptions; readonly force: boolean } {
  const parsed = parseCommand(SimulationRequest, body);
  if (!parsed.ok) throw new ProblemError(problem('validation_failed', { errors: parsed.errors }));
  const { seed = DEFAULTS.seed, months = DEFAULTS.months, team = DEFAULTS.team, end = startOfMonth(now), events, force = false } = parsed.command;
  if (end > now.slice(0, 10)) throw new ProblemError(problem('validation_failed', { errors: [{ field: 'end', message: 'end must be today or earlier: nothing is known of the future' }] }));
  return { options: { seed, months, team, end, ...(events !== undefined && { events }) }, force };
}
