import { constants } from 'node:fs';
import { open, readFile, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { createOwnDirectory } from '../data-directory/data-directory.js';
import { lockDirectory } from '../data-directory/lock.js';
import { syncDirectory } from '../data-directory/sync-directory.js';
import { systemErrorCode } from '../data-directory/system-error.js';
import { KeyStoreError, type KeyStore, type StoredKey } from './key-store.js';

const KEYS_FILE = 'keys.jsonl';
/** Holds twice how many bytes of the keys somebody was told of, so that a key that is gone is not taken for an unfinished write. */
const END_FILE = 'keys.end';
const END_DIGITS = 16;
const END = /^(\d{16}) \1\n$/;
const OWNER_ONLY = 0o600;

type Line = { readonly subject: string; readonly key: string } | { readonly subject: string; readonly destroyed: true };

const lineOf = (subject: string, key: StoredKey): string => `${JSON.stringify(key === 'destroyed' ? { subject, destroyed: true } : { subject, key: key.wrapped })}\n`;

const isLine = (value: unknown): value is Line =>
  typeof value === 'object' && value !== null && 'subject' in value && typeof value.subject === 'string' && (('key' in value && typeof value.key === 'string') || ('destroyed' in value && value.destroyed === true));

function parsed(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? value : undefined;
  } catch {
    return undefined; // a torn line: told by the caller where it is not the last
  }
}

/** All keys of a file. What stands behind its last line end was being written when the power went: nobody was told that it is there. */
function keysIn(text: string, path: string): Map<string, StoredKey> {
  const keys = new Map<string, StoredKey>();
  const lines = text.split('\n').slice(0, -1);
  lines.forEach((each, index) => {
    const line = parsed(each);
    if (!line) throw new KeyStoreError(`Line ${index + 1} of ${path} cannot be read: restore the file from a copy, or what it says of persons is lost.`);
    if ('key' in line) {
      if (!keys.has(line.subject)) keys.set(line.subject, { wrapped: line.key });
    } else keys.set(line.subject, 'destroyed');
  });
  return keys;
}

/** How far the keys reach, always of one length and written in place: a crash leaves the number before or the number after. */
class KeysEnd {
  private constructor(private readonly file: FileHandle, public bytes: number) {}

  static async open(dataDir: string, bytes: number): Promise<KeysEnd> {
    const end = new KeysEnd(await open(join(dataDir, END_FILE), constants.O_CREAT | constants.O_WRONLY, OWNER_ONLY), bytes);
    await end.write(bytes);
    await end.sync();
    return end;
  }

  async write(bytes: number): Promise<void> {
    const digits = String(bytes).padStart(END_DIGITS, '0');
    await this.file.write(`${digits} ${digits}\n`, 0);
    this.bytes = bytes;
  }

  sync(): Promise<void> {
    return this.file.sync();
  }

  async close(): Promise<void> {
    await this.file.sync();
    await this.file.close();
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
}

/** A directory of an earlier version has no record. @throws KeyStoreError where keys are gone that somebody was told of */
async function checkEnd(dataDir: string, path: string, text: string): Promise<void> {
  const recorded = await readIfThere(join(dataDir, END_FILE));
  if (recorded === undefined) return;
  const wanted = Number(END.exec(recorded)?.[1] ?? NaN);
  if (Number.isNaN(wanted)) {
    throw new KeyStoreError(`${join(dataDir, END_FILE)} cannot be read: restore it from a copy, or delete it if ${path} is whole.`);
  }
  const whole = Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1));
  if (whole >= wanted) return;
  throw new KeyStoreError(
    `${path} ends at byte ${whole} where there were ${wanted}: restore the file from a copy, or what its last keys open is lost; ` +
      `if there is none, delete ${END_FILE}.`);
}

/**
 * Keys in one file beside the embedded event store, for one process. New ones are appended; destroying writes the file anew
 * without them. All of them are in memory, some 200 bytes each.
 */
class FileKeyStore implements KeyStore {
  #queue: Promise<unknown> = Promise.resolve();
  #waiting: { readonly text: string; readonly keys: ReadonlyMap<string, StoredKey> }[] = [];

  constructor(
    readonly dataDir: string, readonly keys: Map<string, StoredKey>, private file: FileHandle, private readonly end: KeysEnd,
    private readonly lock: { release(): void },
  ) {}

  async find(subjects: readonly string[]): Promise<ReadonlyMap<string, StoredKey>> {
    return new Map(subjects.flatMap((subject) => {
      const key = this.keys.get(subject);
      return key === undefined ? [] : [[subject, key] as const];
    }));
  }

  /** Who comes while a write is on its way to the disk goes with the next one. */
  add(keys: ReadonlyMap<string, string>): Promise<void> {
    const wanted = new Map([...keys].filter(([subject]) => !this.keys.has(subject)).map(([subject, wrapped]) => [subject, { wrapped }] as const));
    if (wanted.size === 0) return this.#inTurn(async () => undefined);
    this.#waiting.push({ text: [...wanted].map(([subject, key]) => lineOf(subject, key)).join(''), keys: wanted });
    return this.#inTurn(async () => {
      const group = this.#waiting.splice(0);
      if (group.length === 0) return; // went with the one before
      await this.file.appendFile(group.map(({ text }) => text).join(''));
      await this.file.datasync();
      await this.end.write((await this.file.stat()).size);
      for (const added of group) for (const [subject, key] of added.keys) if (!this.keys.has(subject)) this.keys.set(subject, key);
    });
  }

  destroy(subjects: readonly string[]): Promise<void> {
    return this.#inTurn(async () => {
      const still = subjects.filter((subject) => this.keys.get(subject) !== 'destroyed');
      if (still.length === 0) return;
      const left = new Map<string, StoredKey>([...this.keys, ...still.map((subject) => [subject, 'destroyed'] as const)]);
      await this.#write(left);
      for (const subject of still) this.keys.set(subject, 'destroyed');
    });
  }

  async close(): Promise<void> {
    await this.#queue;
    await this.end.close();
    await this.file.close();
    this.lock.release();
  }

  /** Writes the whole file anew: whole or not at all. */
  async #write(keys: ReadonlyMap<string, StoredKey>): Promise<void> {
    const path = join(this.dataDir, KEYS_FILE);
    await writeFile(`${path}.new`, [...keys].map(([subject, key]) => lineOf(subject, key)).join(''), { mode: OWNER_ONLY, flush: true });
    const file = await open(`${path}.new`, constants.O_APPEND | constants.O_WRONLY);
    const { size } = await file.stat();
    // Never more than either file holds, whichever of them a crash leaves.
    await this.end.write(Math.min(size, this.end.bytes));
    await this.end.sync();
    await rename(`${path}.new`, path);
    syncDirectory(this.dataDir);
    await this.end.write(size);
    await this.file.close();
    this.file = file;
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work).catch((error: unknown) => {
      throw new KeyStoreError(`The keys of personal data could not be written (${systemErrorCode(error) ?? 'unknown'}).`, { cause: error });
    });
    this.#queue = turn.catch(() => undefined); // told to whoever asked for it; the next one gets its own turn
    return turn;
  }
}

/**
 * Opens or creates the keys of a data directory.
 * @throws KeyStoreError where the file is damaged, DirectoryLockedError, DataDirectoryError
 */
export async function openFileKeyStore(dataDir: string): Promise<KeyStore> {
  createOwnDirectory(dataDir);
  const lock = lockDirectory(dataDir);
  try {
    const path = join(dataDir, KEYS_FILE);
    const text = await readIfThere(path) ?? '';
    await checkEnd(dataDir, path, text);
    const keys = keysIn(text, path);
    const file = await open(path, constants.O_APPEND | constants.O_WRONLY | constants.O_CREAT, OWNER_ONLY);
    const whole = Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1));
    if (whole < Buffer.byteLength(text)) await file.truncate(whole);
    await file.sync();
    const end = await KeysEnd.open(dataDir, whole);
    syncDirectory(dataDir);
    return new FileKeyStore(dataDir, keys, file, end, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}
