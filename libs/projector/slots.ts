/**
 * Slots that so many may have at once, in the order in which they were asked for. One that is not given back within a limit is
 * passed on: who is held up (by a lock, by a store that does not answer) holds up no one else.
 */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number, private readonly slotMsMax: number) {
    this.#free = atOnce;
  }

  /** Waits for a slot. @returns what gives it back; giving it back twice is giving it back once */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let isGivenBack = false;
    const giveBack = (): void => {
      if (isGivenBack) return;
      isGivenBack = true;
      clearTimeout(timer);
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    };
    const timer = setTimeout(giveBack, this.slotMsMax);
    return giveBack;
  }
}
