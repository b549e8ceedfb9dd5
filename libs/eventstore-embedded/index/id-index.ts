const SHARDS = 64;
const FIRST_CAPACITY = 64;
/** Fuller tables search longer than they save. */
const LOAD_MAX = 0.6;
const EMPTY = 0;
const REMOVED = 0xffff_ffff;

/**
 * Finds events by id: open-addressed tables of (32 bits of the id's hash, ordinal + 1). A hit is only a candidate;
 * the caller compares the id in the record itself. Sharded, so that growing never stops the server for long.
 */
export class IdIndex {
  private readonly shards = Array.from({ length: SHARDS }, () => new Shard());

  add(id: Buffer, ordinal: number): void {
    const hash = hashOf(id);
    this.shardOf(hash).add(hash, ordinal);
  }

  remove(id: Buffer, ordinal: number): void {
    const hash = hashOf(id);
    this.shardOf(hash).remove(hash, ordinal);
  }

  /** Ordinals of events that may have this id, the newest first. */
  candidates(id: Buffer): number[] {
    const hash = hashOf(id);
    return this.shardOf(hash).find(hash).sort((a, b) => b - a);
  }

  private shardOf(hash: number): Shard {
    const shard = this.shards[hash >>> 26];
    if (shard === undefined) throw new RangeError('A hash has 32 bits.');
    return shard;
  }
}

class Shard {
  private hashes = new Uint32Array(FIRST_CAPACITY);
  private entries = new Uint32Array(FIRST_CAPACITY);
  private used = 0;

  add(hash: number, ordinal: number): void {
    if (this.used + 1 > this.entries.length * LOAD_MAX) this.grow();
    this.place(hash, ordinal + 1);
    this.used++;
  }

  find(hash: number): number[] {
    const found: number[] = [];
    for (let slot = this.slotOf(hash); this.entries[slot] !== EMPTY; slot = this.next(slot)) {
      const entry = this.entries[slot] ?? EMPTY;
      if (this.hashes[slot] === hash && entry !== REMOVED) found.push(entry - 1);
    }
    return found;
  }

  remove(hash: number, ordinal: number): void {
    for (let slot = this.slotOf(hash); this.entries[slot] !== EMPTY; slot = this.next(slot)) {
      if (this.hashes[slot] === hash && this.entries[slot] === ordinal + 1) this.entries[slot] = REMOVED;
    }
  }

  private grow(): void {
    const { hashes, entries } = this;
    this.hashes = new Uint32Array(hashes.length * 2);
    this.entries = new Uint32Array(entries.length * 2);
    this.used = 0;
    entries.forEach((entry, slot) => {
      if (entry === EMPTY || entry === REMOVED) return;
      this.place(hashes[slot] ?? 0, entry);
      this.used++;
    });
  }

  private place(hash: number, entry: number): void {
    let slot = this.slotOf(hash);
    while (this.entries[slot] !== EMPTY) slot = this.next(slot);
    this.hashes[slot] = hash;
    this.entries[slot] = entry;
  }

  private slotOf(hash: number): number {
    return hash & (this.entries.length - 1);
  }

  private next(slot: number): number {
    return (slot + 1) & (this.entries.length - 1);
  }
}

/** Ids may be counters or begin with a time, so all 16 bytes are mixed. */
function hashOf(id: Buffer): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < 16; at += 4) {
    hash = Math.imul(hash ^ id.readUInt32LE(at), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
