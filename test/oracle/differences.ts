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

/** Of two records the fields that differ; of anything else all. */
function differing(one: unknown, other: unknown): unknown {
  if (!isFields(one) || !isFields(other)) return one;
  return Object.fromEntries(Object.entries(one).filter(([name, value]) => !isDeepStrictEqual(value, other[name])).map(([name, value]) => [name, differing(value, other[name])]));
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
    if (isDeepStrictEqual(engine, oracle)) return;
    this.differing += 1;
    if (this.differences.length < DIFFERENCES_TOLD_MAX) this.differences.push({ what, engine: differing(engine, oracle), oracle: differing(oracle, engine) });
  }
}

/** Numbers near enough to be the same figure worked out in another order, anywhere within a value. */
export function near(value: unknown): unknown {
  if (typeof value === 'number') return Math.round(value * 1e6) / 1e6 + 0;
  if (Array.isArray(value)) return value.map(near);
  return typeof value === 'object' && value !== null && !(value instanceof Map) ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, near(each)])) : value;
}
