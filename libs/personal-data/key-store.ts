/** The key of a person as a store holds it: wrapped by the master key, or destroyed for ever. */
export type StoredKey = { readonly wrapped: string } | 'destroyed';

/** Where the keys of persons are kept: outside the log, since there nothing can be destroyed. */
export interface KeyStore {
  /** Those of these subjects that it knows. */
  find(subjects: readonly string[]): Promise<ReadonlyMap<string, StoredKey>>;
  /** Keeps wrapped keys by subject; on the disk when this settles. A subject that is known already, or destroyed, stays as it is. */
  add(keys: ReadonlyMap<string, string>): Promise<void>;
  /** Destroys keys: when this settles, the store holds no copy of them. Subjects that never had one can have none from now on. */
  destroy(subjects: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** The keys cannot be read or written; the message is a sentence for whoever runs the engine. */
export class KeyStoreError extends Error {
  override readonly name = 'KeyStoreError';
}
