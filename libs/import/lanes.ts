/** Rows that are being carried out at the same time: enough to keep the event store busy, few enough to stop soon. */
export const ROWS_IN_FLIGHT_MAX = 64;

/**
 * Carries out tasks side by side, at most so many at a time. Tasks that share a lane (an aggregate) run in the order
 * in which they were started.
 */
export class Lanes {
  readonly #running = new Set<Promise<void>>();
  readonly #last = new Map<string, Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(readonly tasksMax: number) {}

  /**
   * Waits for a free place, then starts the task and returns. The task is given `earlier`, which waits until every task
   * started before it is done.
   * @throws what an earlier task threw
   */
  async start(lanes: readonly string[], task: (earlier: () => Promise<void>) => Promise<void>): Promise<void> {
    while (this.#running.size >= this.tasksMax) await Promise.race(this.#running);
    this.#check();
    const before = [...this.#running];
    const ahead = lanes.flatMap((lane) => this.#last.get(lane) ?? []);
    const run = async (): Promise<void> => {
      await Promise.all(ahead);
      if (this.#failure) return;
      try {
        await task(async () => void (await Promise.all(before)));
      } catch (error) {
        this.#failure ??= { error };
      }
    };
    const running = run().finally(() => {
      this.#running.delete(running);
      for (const lane of lanes) if (this.#last.get(lane) === running) this.#last.delete(lane);
    });
    this.#running.add(running);
    for (const lane of lanes) this.#last.set(lane, running);
  }

  /** Waits for all tasks. @throws what one of them threw */
  async done(): Promise<void> {
    await Promise.all(this.#running);
    this.#check();
  }

  #check(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
