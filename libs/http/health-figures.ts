/** Who asks waits so long for new figures at most; then the last ones are told. */
export const HEALTH_WAIT_MS_MAX = 500;
/** So often they are looked up, whether or not somebody asks. */
export const HEALTH_LOOK_MS = 5_000;
/** Figures older than this are none: longer than a read and the writes beside it may keep the store busy. */
export const HEALTH_AGE_MS_MAX = 60_000;

interface Looked<T> {
  readonly outcome: { readonly figures: T } | { readonly error: unknown };
  readonly atMs: number;
}

/** What the last look found, so that telling it waits for nothing that the store is busy with. One look is under way at a time. */
export class HealthFigures<T> {
  #last: Looked<T> | undefined;
  #looking: Promise<void> | undefined;
  #interval: NodeJS.Timeout | undefined;

  constructor(private readonly look: () => Promise<T>) {}

  start(): void {
    void this.#refresh();
    this.#interval ??= setInterval(() => void this.#refresh(), HEALTH_LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#interval);
    this.#interval = undefined;
  }

  /** New figures where the store has them in time, or else the last ones with their age. @throws what the last look threw, Error where there are none */
  async latest(): Promise<{ readonly figures: T; readonly ageMs: number }> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, HEALTH_WAIT_MS_MAX)));
    try {
      await Promise.race([this.#refresh(), late]);
    } finally {
      clearTimeout(timer);
    }
    if (!this.#last) throw new Error('the read store has not answered yet');
    const { outcome, atMs } = this.#last;
    if ('error' in outcome) throw outcome.error;
    const ageMs = performance.now() - atMs;
    if (ageMs > HEALTH_AGE_MS_MAX) throw new Error(`the read store has not answered for ${Math.round(ageMs / 1_000)} s`);
    return { figures: outcome.figures, ageMs };
  }

  #refresh(): Promise<void> {
    this.#looking ??= this.look().then((figures) => ({ figures }), (error: unknown) => ({ error })).then((outcome) => {
      this.#last = { outcome, atMs: performance.now() };
      this.#looking = undefined;
    });
    return this.#looking;
  }
}
