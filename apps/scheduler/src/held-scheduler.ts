import type { ClockHold } from '../../../libs/simulation/clock-hold.js';
import type { Scheduler } from '../../../libs/timers/scheduler.js';

/**
 * A scheduler that can be stopped for a while and started anew: it remembers nothing, its rows say all that is pending.
 * Holds this process's alarms only; where several engines share a Redis, hold them all or simulate before the others start.
 */
export class HeldScheduler implements ClockHold {
  #scheduler: Scheduler | undefined;
  #holds = 0;
  #isWanted = false;
  /** One change at a time: a stop waits for a start that is under way. */
  #turn: Promise<void> = Promise.resolve();

  #reason: string | undefined;

  /** @param unfit why the log is one that no alarm may ring in, in words; undefined: it may. Asked before each start. */
  constructor(readonly open: () => Promise<Scheduler>, readonly unfit: () => Promise<string | undefined> = async () => undefined) {}

  /** Why nothing rings although nobody holds it; undefined where it rings. */
  get heldFor(): string | undefined {
    return this.#reason;
  }

  start(): Promise<void> {
    this.#isWanted = true;
    return this.#settle();
  }

  async hold(): Promise<() => Promise<void>> {
    this.#holds += 1;
    await this.#settle();
    return () => {
      this.#holds -= 1;
      return this.#settle();
    };
  }

  /** Why deadlines are not marked at present; undefined where they are, or where someone wants them held. */
  problem(): string | undefined {
    return this.#scheduler?.problem();
  }

  close(): Promise<void> {
    this.#isWanted = false;
    return this.#settle();
  }

  /** Starts or stops, as it is to be by now. */
  #settle(): Promise<void> {
    const done = this.#turn.then(async () => {
      const isFree = this.#isWanted && this.#holds === 0;
      this.#reason = isFree ? await this.unfit() : undefined;
      const isToRun = isFree && this.#reason === undefined;
      if (isToRun) this.#scheduler ??= await this.open();
      else {
        await this.#scheduler?.close();
        this.#scheduler = undefined;
      }
    });
    this.#turn = done.catch(() => undefined); // told to whoever asked for it
    return done;
  }
}
