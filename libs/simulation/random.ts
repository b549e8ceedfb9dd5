/** Mixes a text into four 32-bit words: different texts give unrelated streams. */
function wordsOf(text: string): [number, number, number, number] {
  let hash = 1_779_033_703 ^ text.length;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 3_432_918_353);
    hash = (hash << 13) | (hash >>> 19);
  }
  const next = (): number => {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
    return (hash ^= hash >>> 16) >>> 0;
  };
  return [next(), next(), next(), next()];
}

/** Rounds that carry each bit of the seed into every word before the first number is given out. */
const WARM_UP_ROUNDS = 12;

/** Chance that can be repeated: sfc32 over a seed in words. The same seed gives the same numbers on every machine. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(readonly seed: string) {
    [this.#a, this.#b, this.#c, this.#counter] = wordsOf(seed);
    for (let round = 0; round < WARM_UP_ROUNDS; round += 1) this.next();
  }

  /** A stream of its own for one concern: what is drawn elsewhere does not change it. */
  fork(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }

  /** From 0 to below 1. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** @throws RangeError for an empty list */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[Math.floor(this.next() * items.length)]!;
  }

  /** One of the items, each as likely as its weight says. @throws RangeError for an empty list */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T {
    let left = this.next() * items.reduce((sum, item) => sum + weightOf(item), 0);
    for (const item of items) {
      left -= weightOf(item);
      if (left < 0) return item;
    }
    return this.pick(items);
  }

  /** A word by its weight: `{ price: 3, competitor: 1 }`. */
  word<W extends string>(weights: Readonly<Partial<Record<W, number>>>): W {
    const entries = Object.entries(weights) as [W, number][]; // the keys of the record are its words
    return this.weighted(entries, ([, weight]) => weight)[0];
  }

  /** Skewed to the right, as waiting times and deal values are. `spread` is the deviation of the logarithm. */
  lognormal(median: number, spread: number): number {
    const bell = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * Math.exp(spread * bell);
  }

  /** How many of something that comes at random, `mean` on average. */
  poisson(mean: number): number {
    let count = Math.floor(mean / POISSON_STEP_MEAN);
    let drawn = 0;
    for (; count > 0; count -= 1) drawn += this.#poissonStep(POISSON_STEP_MEAN);
    return drawn + this.#poissonStep(mean % POISSON_STEP_MEAN);
  }

  #poissonStep(mean: number): number {
    const floor = Math.exp(-mean);
    let product = this.next();
    let count = 0;
    while (product > floor && count < POISSON_STEP_COUNT_MAX) {
      product *= this.next();
      count += 1;
    }
    return count;
  }
}

/** Larger means are drawn in steps of this one, so that `exp(-mean)` stays well above the smallest number. */
const POISSON_STEP_MEAN = 30;
const POISSON_STEP_COUNT_MAX = 200;
