import { GrowableNumbers } from './growable-numbers.js';

const FIRST_BLOCK_LENGTH = 2;
/** Blocks double, so this many hold 2^31 revisions of one stream. */
const BLOCKS_MAX = 30;

/**
 * For each stream the ordinals of its events by revision, all in one arena: a stream owns blocks of 2, 4, 8 … entries
 * chained by their last entry. A million streams of one event cost a few bytes each instead of an array object each.
 */
export class RevisionLists {
  private readonly arena = GrowableNumbers.uint32();
  private readonly firstBlocks = GrowableNumbers.uint32();
  private readonly counts = GrowableNumbers.uint32();
  private readonly lastBlocks = GrowableNumbers.uint32();

  get streams(): number {
    return this.counts.length;
  }

  addStream(): void {
    this.firstBlocks.push(0);
    this.lastBlocks.push(0);
    this.counts.push(0);
  }

  count(stream: number): number {
    return this.counts.at(stream);
  }

  append(stream: number, ordinal: number): void {
    const revision = this.counts.at(stream);
    const { block, offset, length } = blockOf(revision);
    if (offset === 0) this.startBlock(stream, block, length);
    this.arena.set(this.lastBlocks.at(stream) + offset, ordinal);
    this.counts.set(stream, revision + 1);
  }

  private startBlock(stream: number, block: number, length: number): void {
    const previous = this.lastBlocks.at(stream);
    // One more entry than it holds: the link to the next block.
    const start = this.reuseOrExtend(stream, block, length);
    if (block === 0) this.firstBlocks.set(stream, start);
    else this.arena.set(previous + length / 2, start);
    this.lastBlocks.set(stream, start);
  }

  private reuseOrExtend(stream: number, block: number, length: number): number {
    // After an undone append the stream may already own the block it needs now.
    const owned = block === 0 ? this.firstBlocks.at(stream) : this.arena.at(this.lastBlocks.at(stream) + length / 2);
    if (owned !== 0) return owned;
    if (this.arena.length === 0) this.arena.extend(1);
    return this.arena.extend(length + 1);
  }

  /** The ordinal of the event at a revision. */
  at(stream: number, revision: number): number {
    if (revision >= this.counts.at(stream)) throw new RangeError(`Stream ${stream} has no revision ${revision}.`);
    const { block, offset } = blockOf(revision);
    return this.arena.at(this.blockStart(stream, block) + offset);
  }

  /** Adds the ordinals of revisions `from` to before `to`, ascending, to `into`. */
  slice(stream: number, from: number, to: number, into: number[]): void {
    let { block, offset, length } = blockOf(from);
    let start = this.blockStart(stream, block);
    for (let revision = from; revision < to; revision++) {
      into.push(this.arena.at(start + offset));
      if (++offset < length || revision + 1 === to) continue;
      start = this.arena.at(start + length);
      block++;
      length *= 2;
      offset = 0;
    }
  }

  /** Undoes the newest append to the stream. */
  removeLast(stream: number): void {
    const revision = this.counts.at(stream) - 1;
    this.counts.set(stream, revision);
    const { block, offset } = blockOf(revision);
    if (offset === 0 && block > 0) this.lastBlocks.set(stream, this.blockStart(stream, block - 1));
  }

  private blockStart(stream: number, block: number): number {
    let start = this.firstBlocks.at(stream);
    for (let passed = 0, length = FIRST_BLOCK_LENGTH; passed < block; passed++, length *= 2) start = this.arena.at(start + length);
    return start;
  }
}

/** Which block holds a revision: block k holds 2·2^k of them. */
function blockOf(revision: number): { block: number; offset: number; length: number } {
  const block = 31 - Math.clz32(revision / FIRST_BLOCK_LENGTH + 1);
  if (block >= BLOCKS_MAX) throw new RangeError(`A stream holds less than ${FIRST_BLOCK_LENGTH * 2 ** BLOCKS_MAX} events.`);
  const length = FIRST_BLOCK_LENGTH * 2 ** block;
  return { block, offset: revision - (length - FIRST_BLOCK_LENGTH), length };
}
