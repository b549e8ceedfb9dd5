/** Enough for subscribers that keep up to be served without touching the disk. */
const RECENT_BYTES_MAX = 8 * 1024 * 1024;

/** The newest records by position, kept in memory: what was just written is what is read most. */
export class RecentRecords {
  private readonly records = new Map<number, Buffer>();
  private bytes = 0;

  /** Keeps everything from `durableEnd` on, however much it is: the disk does not have it yet. */
  add(position: number, record: Buffer, durableEnd: number): void {
    this.records.set(position, record);
    this.bytes += record.length;
    // A map keeps the order of insertion, so the first key is the oldest.
    for (const [oldest, dropped] of this.records) {
      if (this.bytes <= RECENT_BYTES_MAX || oldest >= durableEnd) return;
      this.records.delete(oldest);
      this.bytes -= dropped.length;
    }
  }

  get(position: number): Buffer | undefined {
    return this.records.get(position);
  }

  /** Forgets records of appends that failed. */
  removeFrom(position: number): void {
    for (const [at, record] of this.records) {
      if (at < position) continue;
      this.records.delete(at);
      this.bytes -= record.length;
    }
  }
}
