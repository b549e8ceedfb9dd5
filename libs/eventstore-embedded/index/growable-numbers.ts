const CHUNK_BITS = 16;
const CHUNK_LENGTH = 1 << CHUNK_BITS;

type NumberArray = Uint32Array | Float64Array;

/** A list of numbers in typed arrays that grows by a chunk at a time: nothing is ever copied, nothing over-allocated. */
export class GrowableNumbers {
  length = 0;
  private readonly chunks: NumberArray[] = [];

  constructor(private readonly createChunk: (length: number) => NumberArray) {}

  static uint32(): GrowableNumbers {
    return new GrowableNumbers((length) => new Uint32Array(length));
  }

  static float64(): GrowableNumbers {
    return new GrowableNumbers((length) => new Float64Array(length));
  }

  push(value: number): void {
    const chunk = this.chunks[this.length >>> CHUNK_BITS] ?? this.addChunk();
    chunk[this.length & (CHUNK_LENGTH - 1)] = value;
    this.length++;
  }

  /** @throws RangeError outside of the list: an index that is off is a bug, not a zero */
  at(index: number): number {
    const value = this.chunks[index >>> CHUNK_BITS]?.[index & (CHUNK_LENGTH - 1)];
    if (value === undefined || index >= this.length) throw new RangeError(`There is no entry ${index} among ${this.length}.`);
    return value;
  }

  set(index: number, value: number): void {
    const chunk = this.chunks[index >>> CHUNK_BITS];
    if (chunk === undefined || index >= this.length) throw new RangeError(`There is no entry ${index} among ${this.length}.`);
    chunk[index & (CHUNK_LENGTH - 1)] = value;
  }

  /** Adds `count` zeros and returns the index of the first. */
  extend(count: number): number {
    const first = this.length;
    this.length += count;
    while (this.chunks.length << CHUNK_BITS < this.length) this.addChunk();
    return first;
  }

  truncate(length: number): void {
    this.length = Math.min(this.length, length);
  }

  /** The first index whose value is not below `value`, in a list that ascends. */
  lowerBound(value: number): number {
    let low = 0;
    for (let high = this.length; low < high; ) {
      const middle = Math.floor((low + high) / 2);
      if (this.at(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private addChunk(): NumberArray {
    const chunk = this.createChunk(CHUNK_LENGTH);
    this.chunks.push(chunk);
    return chunk;
  }
}
