const LOOK_MS = 50;

/** Looks until it is so. Throws after `waitMs`. */
export async function until(so: () => Promise<boolean>, waitMs: number): Promise<void> {
  for (const deadline = performance.now() + waitMs; !(await so()); await new Promise((resolve) => setTimeout(resolve, LOOK_MS))) {
    if (performance.now() > deadline) throw new Error(`it was not so after ${waitMs} ms`);
  }
}
