/**
 * Handles what comes in its order: so much in one turn of the event loop, the rest in the turns that follow. What comes alone is
 * handled at once.
 */
export class Turns<T> {
  private readonly waiting: T[] = [];
  private handled = 0;
  private isTurning = false;

  constructor(private readonly perTurnMax: number, private readonly handle: (item: T) => void) {}

  get waitingCount(): number {
    return this.waiting.length;
  }

  add(item: T): void {
    if (this.handled >= this.perTurnMax || this.waiting.length > 0) this.waiting.push(item);
    else this.handleNow(item);
    // After the work: what that has put off to the end of the turn happens before the next turn begins.
    if (!this.isTurning) this.endTurnSoon();
  }

  /** What waits is handled no more. */
  clear(): void {
    this.waiting.length = 0;
  }

  private handleNow(item: T): void {
    this.handled++;
    this.handle(item);
  }

  private endTurnSoon(): void {
    this.isTurning = true;
    setImmediate(() => {
      this.handled = 0;
      // Bounded by what one turn may handle.
      for (let item = this.waiting.shift(); item !== undefined; item = this.handled < this.perTurnMax ? this.waiting.shift() : undefined) this.handleNow(item);
      if (this.handled > 0) this.endTurnSoon();
      else this.isTurning = false;
    });
  }
}
