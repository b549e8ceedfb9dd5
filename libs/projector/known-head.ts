/** So long the log may take to say how far it goes; figures do not wait longer to know how old they are. */
export const HEAD_MS_MAX = 500;

/** Position of the log's last event, or null where the log does not answer in time: then it is not known. */
export async function knownHead(head: () => Promise<number>): Promise<number | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, HEAD_MS_MAX, null)));
  try {
    return await Promise.race([head().catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
