import { PARK_WINDOW_EVENTS, POISON_MIN, POISON_SHARE_MAX } from './limits.js';
import { ParkingCeiling } from './parking-ceiling.js';

/** Watches the share of poison among the latest events. */
export class ParkRate {
  #events = 0;
  #poison = 0;

  /** @throws ParkingCeiling when the share is above POISON_SHARE_MAX */
  add(events: number, poison: number): void {
    this.#events += events;
    this.#poison += poison;
    if (this.#poison >= POISON_MIN && this.#poison > POISON_SHARE_MAX * Math.max(this.#events, PARK_WINDOW_EVENTS)) {
      throw new ParkingCeiling(`${this.#poison} of the latest ${this.#events} events could not be folded; the limit is ${POISON_SHARE_MAX * 100} %`);
    }
    // Older events count half with every window: a coarse but steady memory.
    while (this.#events > PARK_WINDOW_EVENTS) {
      this.#events = Math.floor(this.#events / 2);
      this.#poison = Math.floor(this.#poison / 2);
    }
  }
}
