/**
 * Asks questions at the same time and gives their answers by the same names. Begin with those that take longest: a store answers as
 * many at once as it can, in their order.
 */
export async function together<A extends Readonly<Record<string, unknown>>>(questions: { readonly [N in keyof A]: Promise<A[N]> }): Promise<A> {
  const names = Object.keys(questions);
  const answers = await Promise.all(names.map((name) => questions[name]));
  return Object.fromEntries(names.map((name, index) => [name, answers[index]])) as A; // one answer a name
}
