import type { Entity } from './fold.js';

/**
 * The entities used last, up to a bound. Filled only with what is committed.
 *
 * Two generations instead of a list in order of use: what is asked for or set goes to the younger one, and when that holds half of the bound
 * the elder is dropped whole. Nothing is moved or taken out one by one, which costs more than the entities that are forgotten a little early.
 */
export class EntityCache {
  #younger = new Map<string, Entity>();
  #elder: ReadonlyMap<string, Entity> = new Map();
  readonly #generationMax: number;

  constructor(entitiesMax: number) {
    this.#generationMax = Math.ceil(entitiesMax / 2);
  }

  get(key: string): Entity | undefined {
    const young = this.#younger.get(key);
    if (young) return young;
    const old = this.#elder.get(key);
    if (old) this.set(key, old);
    return old;
  }

  set(key: string, entity: Entity): void {
    this.#younger.set(key, entity);
    if (this.#younger.size < this.#generationMax) return;
    this.#elder = this.#younger;
    this.#younger = new Map();
  }
}
