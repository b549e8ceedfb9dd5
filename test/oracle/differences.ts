import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../libs/kernel/event.js';

/** A question to a report at a moment of knowledge; left out: now. */
export interface At<Q> {
  readonly asked: Q;
  readonly asOf?: Instant;
}

/** Where the engine and plain loops over the events do not say the same; `what` names the question, the moment and the record. */
export interface Difference {
  readonly what: object;
  readonly engine: unknown;
  readonly oracle: unknown;
}

/** Enough to see what is wrong; thousands of them would hide it. */
const DIFFERENCES_TOLD_MAX = 3;

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** A figure worked out in another order may differ in its last digits; counts and minor units may not. */
const NEAR = 1e-6;

function sameNumber(one: number, other: number): boolean {
  return Object.is(one, other) || one === other || (!(Number.isInteger(one) && Number.isInteger(other)) && Math.abs(one - other) <= NEAR);
}

/** Whether two values say the same: equal in everything, but for the last digits of numbers that are not whole. */
export function same(one: unknown, other: unknown): boolean {
  if (typeof one === 'number' && typeof other === 'number') return sameNumber(one, other);
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((value, index) => same(value, other[index]));
  if (one instanceof Map && other instanceof Map) return one.size === other.size && [...one].every(([key, value]) => other.has(key) && same(value, other.get(key)));
  if (!isFields(one) || !isFields(other)) return isDeepStrictEqual(one, other);
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => name in other && same(one[name], other[name]));
}

/** Of two records the fields that differ; of anything else all. */
function differing(one: unknown, other: unknown): unknown {
  if (!isFields(one) || !isFields(other)) return one;
  return Object.fromEntries(Object.entries(one).filter(([name, value]) => !same(value, other[name])).map(([name, value]) => [name, differing(value, other[name])]));
}

/** What came of comparing a report with its oracle. */
export class Comparison {
  /** Records that were compared: groups, targets, bonuses, pages. */
  compared = 0;
  differing = 0;
  /** The first of them. */
  readonly differences: Difference[] = [];

  /** Notes whether both say the same of one record. */
  compare(what: object, engine: unknown, oracle: unknown): void {
    this.compared += 1;
    this.alike(what, engine, oracle);
  }

  /** The same for what is no record of its own, such as the names of all. */
  alike(what: object, engine: unknown, oracle: unknown): void {
    if (same(engine, oracle)) return;
    this.differing += 1;
    if (this.differences.length < DIFFERENCES_TOLD_MAX) this.differences.push({ what, engine: differing(engine, oracle), oracle: differing(oracle, engine) });
  }
}

