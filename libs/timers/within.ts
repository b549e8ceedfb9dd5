/** What was waited for has not come in time; it may still come. */
export class TimedOut extends Error {}

/** The promise's value, or TimedOut after `waitMs`. A rejection that comes too late for anyone is dropped. */
export async function within<T>(waitMs: number, what: string, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(`${what} took longer than ${waitMs} ms`)), waitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
