import type { CommandMessage } from '../kernel/command.js';
import type { Actor, Instant } from '../kernel/event.js';
import type { SimulationPlan } from './options.js';
import { PulseQueue } from './pulse-queue.js';
import { Random } from './random.js';

/** A command that somebody in the simulation sends, at the world's present moment. */
export interface Sent {
  readonly command: CommandMessage;
  readonly actor: Actor;
  /** The command that brought this one about; left out: itself. */
  readonly causationId?: string;
}

const SECOND_MS = 1_000;
/** A company of the largest options stays far below; more is a simulation that feeds on itself. */
const PULSES_MAX = 100_000_000;

export const instant = (atMs: number): Instant => new Date(atMs).toISOString();

/** Virtual time: what happens when, and who then sends what. Nothing here knows what o'clock it really is. */
export class World {
  readonly random: Random;
  readonly #queue = new PulseQueue();
  readonly #ids = new Map<string, number>();
  #nowMs: number;
  #pulses = 0;
  #sent: Sent[] = [];

  constructor(readonly plan: SimulationPlan) {
    this.#nowMs = plan.startMs;
    this.random = new Random(plan.id);
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Plans something; never in the past, and on a whole second. */
  at(atMs: number, run: () => void): void {
    this.#queue.push(Math.ceil(Math.max(atMs, this.#nowMs) / SECOND_MS) * SECOND_MS, run);
  }

  send(actor: Actor, command: CommandMessage, causationId?: string): void {
    this.#sent.push({ command, actor, ...(causationId !== undefined && { causationId }) });
  }

  /** The next identifier of a kind, short and visibly made up: `sim-k7xq-deal-12`. */
  id(kind: string): string {
    const number = (this.#ids.get(kind) ?? 0) + 1;
    this.#ids.set(kind, number);
    return `sim-${this.plan.tag}-${kind}-${number}`;
  }

  /** Moves to the next moment at which something happens and lets it; undefined when the simulated time is over. */
  turn(): { readonly atMs: number; readonly sent: readonly Sent[] } | undefined {
    const pulse = this.#queue.pop();
    if (!pulse || pulse.atMs >= this.plan.endMs) return undefined;
    if ((this.#pulses += 1) > PULSES_MAX) throw new RangeError(`the simulation did not come to an end within ${PULSES_MAX} steps`);
    this.#nowMs = pulse.atMs;
    pulse.run();
    const sent = this.#sent;
    this.#sent = [];
    return { atMs: pulse.atMs, sent };
  }
}
