/** Something that happens at a moment of virtual time. */
export interface Pulse {
  readonly atMs: number;
  /** Tells those of one moment apart: first planned, first done. */
  readonly order: number;
  readonly run: () => void;
}

const isBefore = (a: Pulse, b: Pulse): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** What is still to happen, by its moment: a binary heap, the next one on top. */
export class PulseQueue {
  readonly #pulses: Pulse[] = [];
  #planned = 0;

  get size(): number {
    return this.#pulses.length;
  }

  push(atMs: number, run: () => void): void {
    const pulses = this.#pulses;
    let at = pulses.push({ atMs, order: this.#planned++, run }) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(pulses[at]!, pulses[parent]!)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): Pulse | undefined {
    const pulses = this.#pulses;
    const top = pulses[0];
    const last = pulses.pop();
    if (!last || pulses.length === 0) return top;
    pulses[0] = last;
    let at = 0;
    for (let first = this.#firstOf(at); first !== at; first = this.#firstOf(at)) {
      this.#swap(at, first);
      at = first;
    }
    return top;
  }

  /** Of a place and the two below it, the one that comes first. */
  #firstOf(at: number): number {
    let first = at;
    for (const below of [2 * at + 1, 2 * at + 2]) if (below < this.#pulses.length && isBefore(this.#pulses[below]!, this.#pulses[first]!)) first = below;
    return first;
  }

  #swap(a: number, b: number): void {
    const pulses = this.#pulses;
    [pulses[a], pulses[b]] = [pulses[b]!, pulses[a]!]; // both places hold a pulse
  }
}
