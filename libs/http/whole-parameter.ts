import { problem, ProblemError } from './problem.js';

const WHOLE = /^\d{1,15}$/;

/** A whole number of a query string or an address. @throws ProblemError naming the field */
export function wholeParameter(name: string, value: string, [min, max]: readonly [number, number]): number {
  if (!WHOLE.test(value) || Number(value) < min || Number(value) > max) throw new ProblemError(problem('validation_failed', { errors: [{ field: name, message: `${name} must be a whole number from ${min} to ${max}` }] }));
  return Number(value);
}

/** Log positions that are counted exactly. */
export const POSITIONS: readonly [number, number] = [0, 999_999_999_999_999];
