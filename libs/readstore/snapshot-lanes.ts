import { ReadStoreError, type Sql } from './sql.js';

/** Connections that one snapshot may be read over: a report asks a few long statements, and a server has few processors to spare for one reader. */
export const LANES_MAX = 2;

interface Waiting {
  readonly take: (lane: Sql) => void;
  readonly refuse: (error: Error) => void;
}

/**
 * One snapshot, read over one connection or more: statements asked at the same time run at the same time, as far as there are lanes;
 * the others wait for one, in their order.
 */
export class SnapshotLanes implements Sql {
  readonly #idle: Sql[] = [];
  readonly #waiting: Waiting[] = [];
  /** One a lane: tells its connection that it is free to go. */
  readonly #leave: (() => void)[] = [];
  #isOver = false;
  #allIdle: () => void = () => undefined;

  query: Sql['query'] = (text, params) => this.#onLane((lane) => lane.query(text, params));
  script: Sql['script'] = (text) => this.#onLane((lane) => lane.script(text));
  copyIn: Sql['copyIn'] = (table, columns, rows) => this.#onLane((lane) => lane.copyIn(table, columns, rows));

  /** `onShortage` is called whenever a statement has to wait for a lane: it may open one more. */
  constructor(private readonly onShortage: () => void = () => undefined) {}

  /** Opens a lane on a connection that is in the snapshot; resolves when the snapshot is needed no more. */
  serve(lane: Sql): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      this.#leave.push(resolve);
      this.#release(lane);
    });
  }

  /** Lets all connections go once nothing runs on them; what has not begun is refused. */
  async end(): Promise<void> {
    this.#isOver = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(new ReadStoreError('faulty', 'the transaction is over', undefined));
    if (this.#idle.length < this.#leave.length) await new Promise<void>((resolve) => (this.#allIdle = resolve));
    for (const leave of this.#leave) leave();
  }

  async #onLane<T>(ask: (lane: Sql) => Promise<T>): Promise<T> {
    if (this.#isOver) throw new ReadStoreError('faulty', 'the transaction is over', undefined);
    const lane = this.#idle.pop() ?? await this.#nextLane();
    try {
      return await ask(lane);
    } finally {
      this.#release(lane);
    }
  }

  #nextLane(): Promise<Sql> {
    const lane = new Promise<Sql>((take, refuse) => this.#waiting.push({ take, refuse }));
    this.onShortage();
    return lane;
  }

  #release(lane: Sql): void {
    const next = this.#waiting.shift();
    if (next) return next.take(lane);
    this.#idle.push(lane);
    if (this.#idle.length === this.#leave.length) this.#allIdle();
  }
}
