/** The code of an error of the operating system, such as ENOSPC. */
export function systemErrorCode(error: unknown): string | undefined {
  // Not `instanceof Error`: an error may come from another realm, as it does in tests.
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
