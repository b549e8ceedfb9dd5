import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Makes the names in a directory durable; Windows has no such thing and needs none. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
