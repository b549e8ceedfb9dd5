import { ProblemError, type Problem, type ProblemSpec } from '../http/problem.js';

/** Why a simulation is not begun; nothing has been written then. */
export const SIMULATION_PROBLEMS = {
  simulation_log_in_use: { status: 409, title: 'The log holds other data: made-up data would mix with it. Use a store of its own, or say force.' },
  simulation_running: { status: 409, title: 'A simulation is being played; wait until it is done.' },
} as const satisfies Record<string, ProblemSpec>;
export type SimulationProblemCode = keyof typeof SIMULATION_PROBLEMS;

export const simulationProblem = (code: SimulationProblemCode, more: Pick<Problem, 'detail'> = {}): ProblemError => new ProblemError({ type: `/problems/${code}`, ...SIMULATION_PROBLEMS[code], code, ...more });
