import type { Instant, LocalDate } from '../kernel/event.js';
import { Random } from './random.js';

/** What decides a simulation: the same options give the same log. */
export interface SimulationOptions {
  /** 0 to SEED_MAX. */
  readonly seed: number;
  readonly months: number;
  /** Members over the whole time; some join later, some leave. */
  readonly team: number;
  /** The first day that is no longer simulated. */
  readonly end: LocalDate;
  /** About how many events; left out: what so many people do in so many months. */
  readonly events?: number;
}

export const SEED_MAX = 4_294_967_295;
export const MONTHS_MAX = 60;
export const TEAM_MIN = 3;
export const TEAM_MAX = 200;
export const EVENTS_MIN = 500;
export const EVENTS_MAX = 5_000_000;
/** A year of 20 people is about 100,000 events. */
export const DEFAULTS = { seed: 1, months: 12, team: 20 } as const;

/** What one member brings in a month at demand 1, all consequences counted; measured over seeds 1 to 5, 12 months, 20 people. */
const EVENTS_PER_MEMBER_MONTH = 417;
/** Less than this and nobody has work; more and nobody could do it. */
const DEMAND_MIN = 0.05;
const DEMAND_MAX = 20;
/** No vowels: the four characters never spell a word. */
const CONSONANTS = [...'bcdfghjkmnpqrstvwxz'];
const DIGITS = [...'23456789'];
const TAG_PATTERN = [CONSONANTS, DIGITS, CONSONANTS, DIGITS];

/** The options, and what follows from them. */
export interface SimulationPlan extends SimulationOptions {
  /** The correlation id of everything the simulation writes. Different options are different simulations. */
  readonly id: string;
  /** A short word of its own in all its ids: two simulations never speak of the same record. */
  readonly tag: string;
  readonly startMs: number;
  readonly endMs: number;
  /** How lively business is; 1: as 20 people do 100,000 events in a year. */
  readonly demand: number;
}

/** The first day of the month of a moment, in UTC: where a simulation ends unless told otherwise. */
export const startOfMonth = (now: Instant): LocalDate => `${now.slice(0, 7)}-01`;

export function planOf(options: SimulationOptions): SimulationPlan {
  const { seed, months, team, end, events } = options;
  const id = ['simulation', seed, `${months}m`, `${team}p`, end, ...(events === undefined ? [] : [`${events}e`])].join('-');
  const random = new Random(id).fork('tag');
  const tag = TAG_PATTERN.map((characters) => random.pick(characters)).join('');
  const endMs = Date.parse(`${end}T00:00:00.000Z`);
  const last = new Date(endMs);
  const startMs = Date.UTC(last.getUTCFullYear(), last.getUTCMonth() - months, last.getUTCDate());
  const demand = events === undefined ? 1 : Math.min(DEMAND_MAX, Math.max(DEMAND_MIN, events / (EVENTS_PER_MEMBER_MONTH * team * months)));
  return { ...options, id, tag, startMs, endMs, demand };
}
