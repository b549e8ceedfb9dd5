import { randomBytes } from 'node:crypto';

import { KeyStoreError, type KeyStore, type StoredKey } from './key-store.js';
import { KEY_BYTES, seal, SealBroken, unseal } from './seal.js';

/** Keys kept in memory; the least recently used go, and are looked up again. */
const KEYS_CACHED_MAX = 50_000;
/** So long a key is trusted without asking: what another process destroyed can be read here for so long at most, or until the store answers again. */
export const TRUSTED_MS = 60_000;
/** A key that could not be destroyed is tried again after so long, until it is, or the process ends: the next start destroys it, by the log. */
const DESTROY_AGAIN_MS = 1_000;
/** Keys that wait for being destroyed; those beyond are destroyed by the next start, or when they are asked for again. */
const UNDESTROYED_MAX = 100_000;
/** No id is empty: under it stands what only the right master key opens. */
const PROOF = '';
const PROOF_TEXT = 'pipeledger';

interface Cached {
  /** null: destroyed, or never there. Broken: only what it sealed cannot be read, everything else goes on. */
  readonly key: Buffer | null | SealBroken;
  readonly untilMs: number;
  /** For ever: nothing that was on its way meanwhile brings it back. */
  readonly isDestroyed: boolean;
}

/** The keys of persons, by the ids under which their data is stored: made when first needed, destroyed for ever. */
export class KeyRing {
  readonly #cached = new Map<string, Cached>();
  /** Forgotten, while the store that holds their keys does not answer. */
  readonly #undestroyed = new Set<string>();
  #again: NodeJS.Timeout | undefined;

  private constructor(private readonly store: KeyStore, private readonly master: Buffer, private readonly nowMs: () => number) {}

  /** @throws KeyStoreError where the store's keys were wrapped by another master key */
  static async open(store: KeyStore, master: Buffer, nowMs: () => number = Date.now): Promise<KeyRing> {
    const { $sealed } = seal(master, PROOF, PROOF_TEXT);
    await store.add(new Map([[PROOF, $sealed]]));
    const proof = (await store.find([PROOF])).get(PROOF);
    const ring = new KeyRing(store, master, nowMs);
    if (proof === undefined || proof === 'destroyed' || !ring.#opens(proof.wrapped)) throw new KeyStoreError('The keys of personal data are wrapped by another master key: give the one they were made with (PIPELEDGER_MASTER_KEY, or master.key in the data directory).');
    return ring;
  }

  #opens(wrapped: string): boolean {
    try {
      return unseal(this.master, PROOF, { $sealed: wrapped }) === PROOF_TEXT;
    } catch {
      return false; // which is the question
    }
  }

  /** Whether {@link keyOf} can be asked without looking the subject up before. */
  isAtHand(subject: string): boolean {
    return (this.#cached.get(subject)?.untilMs ?? 0) > this.nowMs();
  }

  /** The key of a subject that was looked up; null where it was destroyed, or never made. @throws SealBroken where it is damaged, TypeError where it was not looked up */
  keyOf(subject: string): Buffer | null {
    const cached = this.#cached.get(subject);
    if (!cached) throw new TypeError(`the key of ${subject} was not looked up`);
    if (cached.key instanceof SealBroken) throw cached.key;
    return cached.key;
  }

  /** Looks up what is not at hand. Where the store does not answer, what was looked up before goes on being trusted. @throws KeyStoreError, ReadStoreError */
  async load(subjects: Iterable<string>): Promise<void> {
    const missing = this.#missing(subjects);
    if (missing.length === 0) return;
    try {
      const found = await this.store.find(missing);
      for (const subject of missing) this.#keep(subject, found.get(subject));
    } catch (error) {
      if (missing.some((subject) => !this.#cached.has(subject))) throw error;
    }
  }

  /**
   * The same, and makes keys for those that never had one: these are in the store before anything is sealed with them.
   * @throws KeyStoreError, ReadStoreError
   */
  async prepare(subjects: Iterable<string>): Promise<void> {
    const missing = this.#missing(subjects, true);
    if (missing.length === 0) return;
    try {
      const found = await this.#findOrMake(missing);
      for (const subject of missing) this.#keep(subject, found.get(subject));
    } catch (error) {
      if (missing.some((subject) => !Buffer.isBuffer(this.#cached.get(subject)?.key))) throw error;
    }
  }

  async #findOrMake(missing: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
    const found = new Map(await this.store.find(missing));
    const fresh = missing.filter((subject) => !found.has(subject));
    if (fresh.length > 0) {
      await this.store.add(new Map(fresh.map((subject) => [subject, seal(this.master, subject, randomBytes(KEY_BYTES).toString('base64')).$sealed])));
      // Another process may have been first: its key is the one.
      for (const [subject, key] of await this.store.find(fresh)) found.set(subject, key);
    }
    return found;
  }

  /**
   * Destroys the keys of these subjects. Where the store does not answer, nothing is read or sealed with them here any more, and destroying them is
   * tried again. @throws KeyStoreError, ReadStoreError
   */
  async forget(subjects: Iterable<string>): Promise<void> {
    const all = [...new Set(subjects)];
    if (all.length === 0) return;
    for (const subject of all) {
      this.#keep(subject, 'destroyed');
      if (this.#undestroyed.size < UNDESTROYED_MAX) this.#undestroyed.add(subject);
    }
    try {
      await this.store.destroy(all);
      for (const subject of all) this.#undestroyed.delete(subject);
    } catch (error) {
      this.#destroyLater();
      throw error;
    }
  }

  #destroyLater(): void {
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      this.forget(this.#undestroyed).catch(() => undefined); // which tries again later
    }, DESTROY_AGAIN_MS).unref();
  }

  /** `keysOnly`: what is known to have no key may have got one meanwhile, or get one now. */
  #missing(subjects: Iterable<string>, keysOnly = false): string[] {
    return [...new Set(subjects)].filter((subject) => {
      const cached = this.#cached.get(subject);
      if (!cached || cached.untilMs <= this.nowMs() || (keysOnly && cached.key === null && !cached.isDestroyed)) return true;
      // Taken out and put back, it is the youngest: what is looked up beside it does not push it out.
      this.#cached.delete(subject);
      this.#cached.set(subject, cached);
      return false;
    });
  }

  #keep(subject: string, stored: StoredKey | undefined): void {
    const isDestroyed = stored === 'destroyed' || this.#cached.get(subject)?.isDestroyed === true || this.#undestroyed.has(subject);
    const key = stored === undefined || stored === 'destroyed' || isDestroyed ? null : this.#unwrapped(subject, stored.wrapped);
    this.#cached.delete(subject);
    this.#cached.set(subject, { key, untilMs: isDestroyed ? Infinity : this.nowMs() + TRUSTED_MS, isDestroyed });
    if (this.#cached.size <= KEYS_CACHED_MAX) return;
    for (const oldest of this.#cached.keys()) {
      this.#cached.delete(oldest);
      break;
    }
  }

  #unwrapped(subject: string, wrapped: string): Buffer | SealBroken {
    try {
      return Buffer.from(String(unseal(this.master, subject, { $sealed: wrapped })), 'base64');
    } catch (error) {
      return new SealBroken(`the key of ${subject} is damaged: restore it from a copy`, { cause: error });
    }
  }
}
