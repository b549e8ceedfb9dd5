/**
 * Turns that so many may have at once, in the order in which they were asked for. A turn that is not ended within a limit is
 * passed on: who is held up (by a lock, by a store that does not answer) holds up no one else.
 */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number, private readonly turnMsMax: number) {
    this.#free = atOnce;
  }

  /** Waits for a turn. @returns what ends it; ending it twice is ending it once */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let isOver = false;
    const end = (): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    };
    const timer = setTimeout(end, this.turnMsMax);
    return end;
  }
}
