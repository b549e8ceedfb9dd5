/** Enough for subscribers that keep up to be served without touching the disk. */
const RECENT_BYTES_MAX = 8 * 1024 * 1024;
/** Dropped places at the front of the queue before it is moved together. */
const DROPPED_MAX = 4_096;

/** The newest records by position, kept in memory: what was just written is what is read most. */
export class RecentRecords {
  private readonly records = new Map<number, Buffer>();
  /** The positions in order of age, the first `dropped` of them gone. A map's own order is slow to take the first of. */
  private positions: number[] = [];
  private dropped = 0;
  private bytes = 0;

  /** Keeps everything from `durableEnd` on, however much it is: the disk does not have it yet. */
  add(position: number, record: Buffer, durableEnd: number): void {
    this.records.set(position, record);
    this.positions.push(position);
    this.bytes += record.length;
    while (this.bytes > RECENT_BYTES_MAX && (this.positions[this.dropped] ?? Infinity) < durableEnd) this.drop(this.positions[this.dropped++] ?? 0);
    if (this.dropped <= DROPPED_MAX) return;
    this.positions = this.positions.slice(this.dropped);
    this.dropped = 0;
  }

  get(position: number): Buffer | undefined {
    return this.records.get(position);
  }

  /** Forgets records of appends that failed. */
  removeFrom(position: number): void {
    for (let last = this.positions.at(-1); last !== undefined && last >= position && this.positions.length > this.dropped; last = this.positions.at(-1)) {
      this.positions.pop();
      this.drop(last);
    }
  }

  private drop(position: number): void {
    this.bytes -= this.records.get(position)?.length ?? 0;
    this.records.delete(position);
  }
}
