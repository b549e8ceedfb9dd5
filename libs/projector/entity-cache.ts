import type { Entity } from './fold.js';

/** The entities used last, up to a bound. Filled only with what is committed. */
export class EntityCache {
  readonly #entities = new Map<string, Entity>();

  constructor(private readonly entitiesMax: number) {}

  get(key: string): Entity | undefined {
    const entity = this.#entities.get(key);
    if (entity) {
      // A Map keeps insertion order: taken out and put back, it is the youngest.
      this.#entities.delete(key);
      this.#entities.set(key, entity);
    }
    return entity;
  }

  set(key: string, entity: Entity): void {
    this.#entities.delete(key);
    this.#entities.set(key, entity);
    if (this.#entities.size > this.entitiesMax) for (const oldest of this.#entities.keys()) {
      this.#entities.delete(oldest);
      break;
    }
  }

  clear(): void {
    this.#entities.clear();
  }

  get size(): number {
    return this.#entities.size;
  }
}
