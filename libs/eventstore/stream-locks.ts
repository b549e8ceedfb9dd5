/** Commands of one process that wait for their turn; one more is refused. */
export const WAITING_MAX = 1_000;
/** Streams whose last write is remembered one by one. */
const WRITES_REMEMBERED_MAX = 50_000;

/** More commands wait for these streams than this process holds. */
export class TooManyWaiting extends Error {}

interface Request {
  readonly exclusive: readonly string[];
  readonly shared: readonly string[];
}

interface Waiting extends Request {
  readonly grant: () => void;
}

/** Locks by name, exclusive or shared, all of a request at once, in the order in which they were asked for. */
class Locks {
  readonly #exclusive = new Set<string>();
  readonly #shared = new Map<string, number>();
  #waiting: Waiting[] = [];

  /** Resolves with the function that gives them back. @throws TooManyWaiting */
  async acquire(request: Request): Promise<() => void> {
    if (this.#waiting.length >= WAITING_MAX) throw new TooManyWaiting(`${WAITING_MAX} commands wait already`);
    await new Promise<void>((resolve) => {
      this.#waiting.push({ ...request, grant: resolve });
      this.#grant();
    });
    return () => this.#release(request);
  }

  /** Whoever asked earlier and still waits comes first: a busy shared lock keeps no exclusive one waiting for ever. */
  #grant(): void {
    const asked = { exclusive: new Set<string>(), shared: new Set<string>() };
    const still: Waiting[] = [];
    for (const each of this.#waiting) {
      const blocked =
        each.exclusive.some(
          (name) =>
            this.#exclusive.has(name) || this.#shared.has(name) || asked.exclusive.has(name) || asked.shared.has(name),
        ) || each.shared.some((name) => this.#exclusive.has(name) || asked.exclusive.has(name));
      if (blocked) {
        for (const name of each.exclusive) asked.exclusive.add(name);
        for (const name of each.shared) asked.shared.add(name);
        still.push(each);
      } else {
        for (const name of each.exclusive) this.#exclusive.add(name);
        for (const name of each.shared) this.#shared.set(name, (this.#shared.get(name) ?? 0) + 1);
        each.grant();
      }
    }
    this.#waiting = still;
  }

  #release({ exclusive, shared }: Request): void {
    for (const name of exclusive) this.#exclusive.delete(name);
    for (const name of shared) {
      const left = (this.#shared.get(name) ?? 1) - 1;
      if (left === 0) this.#shared.delete(name);
      else this.#shared.set(name, left);
    }
    if (this.#waiting.length > 0) this.#grant();
  }
}

/**
 * Keeps the commands of one process out of each other's way. Nothing that is stored rests on it: between processes the event
 * store's expected revision decides.
 */
export class StreamLocks {
  readonly #turns = new Locks();
  readonly #commits = new Locks();
  readonly #writes = new Map<string, number>();
  /** Writes before this one are no longer told apart by stream. */
  #forgottenUpTo = 0;
  #lastWrite = 0;

  /** Runs work while no other command of this process works on any of these streams. @throws TooManyWaiting */
  async turn<T>(streams: readonly string[], work: () => Promise<T>): Promise<T> {
    const release = await this.#turns.acquire({ exclusive: [...new Set(streams)], shared: [] });
    try {
      return await work();
    } finally {
      release();
    }
  }

  /**
   * Runs an append to `streams` that rests on `facts`: neither is written meanwhile, so log order is the order of the decisions.
   * Whatever becomes of the append, what was read of these streams before is out of date afterwards. @throws TooManyWaiting
   */
  async commit<T>(streams: readonly string[], facts: readonly string[], work: () => Promise<T>): Promise<T> {
    const exclusive = [...new Set(streams)];
    const shared = [...new Set(facts)].filter((stream) => !exclusive.includes(stream));
    const release = await this.#commits.acquire({ exclusive, shared });
    try {
      return await work();
    } finally {
      for (const stream of exclusive) this.#written(stream);
      release();
    }
  }

  /** Take it before a read: {@link isCurrent} says later whether this process has written to the stream since. */
  get mark(): number {
    return this.#lastWrite;
  }

  isCurrent(stream: string, mark: number): boolean {
    return (this.#writes.get(stream) ?? this.#forgottenUpTo) <= mark;
  }

  #written(stream: string): void {
    if (this.#writes.size >= WRITES_REMEMBERED_MAX) {
      this.#writes.clear();
      this.#forgottenUpTo = this.#lastWrite;
    }
    this.#lastWrite += 1;
    this.#writes.set(stream, this.#lastWrite);
  }
}
