/**
 * Asks questions at the same time and gives their answers by the same names. Begin with those that take longest: a store answers as
 * many at once as it can, in their order.
 */
export async function together<A extends Readonly<Record<string, unknown>>>(questions: { readonly [N in keyof A]: Promise<A[N]> }): Promise<A> {
  const answers = await Promise.all(Object.entries<Promise<unknown>>(questions).map(async ([name, question]) => [name, await question] as const));
  return Object.fromEntries(answers) as A; // one answer a name
}

/**
 * Waits for all that was asked, in turn. Where something fails, later ones may fail because of it: the first to fail in the order of asking is
 * the one that tells why.
 * @throws what the first that failed was rejected with
 */
export async function inTurn(asked: readonly Promise<unknown>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(asked)) if (outcome.status === 'rejected') throw outcome.reason;
}
