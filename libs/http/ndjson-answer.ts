import type { FastifyReply } from 'fastify';

/**
 * An answer that is told while the work goes on: one JSON object a line. It begins with its first line; until then a
 * problem is still a problem, with its status. `signal` aborts when whoever asked has left.
 */
export class NdjsonAnswer<T extends object> {
  readonly #gone = new AbortController();
  #begun = false;

  constructor(private readonly reply: FastifyReply) {
    reply.raw.on('close', () => this.#gone.abort());
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** For few and small lines: nothing waits for them to arrive. */
  tell(line: T): void {
    if (!this.#begun) {
      this.#begun = true;
      void this.reply.hijack();
      this.reply.raw.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    }
    if (!this.signal.aborted) this.reply.raw.write(`${JSON.stringify(line)}\n`);
  }

  end(): void {
    if (this.#begun) this.reply.raw.end();
  }
}
