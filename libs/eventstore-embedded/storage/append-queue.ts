import { fdatasync, write } from 'node:fs';

import { systemErrorCode } from '../../data-directory/system-error.js';
import { type Segment, WRITES_ARE_SYNCHRONOUS } from './segment.js';

/** What is written while the previous write is on its way to the disk goes to the disk in one write. */
export type QueuedBatch = {
  segment: Segment;
  position: number;
  records: Buffer[];
  bytes: number;
  resolve(): void;
  reject(error: Error): void;
};

export type WriteDurably = (fd: number, bytes: Buffer, offset: number) => Promise<void>;

/** Full disks pass; after any other error nobody knows what the disk holds. */
const PASSING_ERRORS = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** The disk did not take an append. `isPassing`: appends work again once there is room. */
export class LogWriteError extends Error {
  override readonly name = 'LogWriteError';
  constructor(message: string, readonly isPassing: boolean, cause: unknown) {
    super(message, { cause });
  }
}

export function asLogWriteError(error: unknown): LogWriteError {
  const code = systemErrorCode(error) ?? 'unknown';
  return PASSING_ERRORS.has(code)
    ? new LogWriteError(`The disk of the event store is full (${code}): nothing was written. Appends work again when there is room.`, true, error)
    : new LogWriteError(`The event store could not write its log (${code}): it takes no more appends until it is restarted.`, false, error);
}

/** Writes all of `bytes`, and returns when they are on the disk. */
export const writeDurably: WriteDurably = async (fd, bytes, offset) => {
  await writeFully(fd, bytes, offset);
  if (!WRITES_ARE_SYNCHRONOUS) await new Promise<void>((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())));
};

/** Writes all of `bytes`, and returns when the operating system has them: a power cut may lose them. */
export const writeFully: WriteDurably = async (fd, bytes, offset) => {
  // A short write means that the disk is filling up: the next one says so with an error.
  for (let done = 0; done < bytes.length; ) {
    const from = done;
    done += await new Promise<number>((resolve, reject) =>
      write(fd, bytes, from, bytes.length - from, offset + from, (error, written) => (error ? reject(error) : resolve(written))),
    );
  }
};

/** The batches at the head of the queue that belong to one segment, as one write. */
export function takeGroup(queue: QueuedBatch[]): QueuedBatch[] {
  const segment = queue[0]?.segment;
  const count = queue.findIndex((batch) => batch.segment !== segment);
  return queue.splice(0, count === -1 ? queue.length : count);
}
