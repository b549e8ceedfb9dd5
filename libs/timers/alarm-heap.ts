import type { Alarm } from './alarm-clock.js';

/** Alarms by the moment they ring: a binary heap, the next one on top. */
export class AlarmHeap {
  readonly #alarms: Alarm[] = [];

  peek(): Alarm | undefined {
    return this.#alarms[0];
  }

  push(alarm: Alarm): void {
    let at = this.#alarms.push(alarm) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#alarms[parent]!.ringAt <= this.#alarms[at]!.ringAt) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): Alarm | undefined {
    const top = this.#alarms[0];
    const last = this.#alarms.pop();
    if (!last || this.#alarms.length === 0) return top;
    this.#alarms[0] = last;
    let at = 0;
    for (let least = this.#leastOf(at); least !== at; least = this.#leastOf(at)) {
      this.#swap(at, least);
      at = least;
    }
    return top;
  }

  /** Of a place and the two below it, the one that rings first. */
  #leastOf(at: number): number {
    let least = at;
    for (const below of [2 * at + 1, 2 * at + 2]) if (below < this.#alarms.length && this.#alarms[below]!.ringAt < this.#alarms[least]!.ringAt) least = below;
    return least;
  }

  #swap(a: number, b: number): void {
    [this.#alarms[a], this.#alarms[b]] = [this.#alarms[b]!, this.#alarms[a]!];
  }
}
