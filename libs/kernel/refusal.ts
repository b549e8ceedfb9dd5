/**
 * Why a refusal is a refusal; the HTTP filter alone turns this into a status.
 * `not_found`: the thing named in the route is not there. `conflict`: its state forbids it.
 * `invalid`: the command is well-formed but makes no business sense.
 */
export type RefusalKind = 'not_found' | 'conflict' | 'invalid';

export interface RefusalSpec {
  readonly kind: RefusalKind;
  /** One sentence a person can act on. */
  readonly title: string;
}

/** All refusals of a context by their stable code. */
export type RefusalCatalog<R extends string = string> = { readonly [Code in R]: RefusalSpec };
