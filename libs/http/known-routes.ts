import type { RouteOptions } from 'fastify';

interface Known {
  readonly pattern: RegExp;
  readonly methods: ReadonlySet<string>;
}

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** `/v1/leads/:id/qualify` as what matches it: a parameter is one part of a path that is not empty. */
const patternOf = (url: string): RegExp => new RegExp(`^${url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : escaped(part).replaceAll('*', '.*'))).join('/')}/?$`);

/** Every route of the application, to tell an address that does not exist from one that takes another method. */
export class KnownRoutes {
  readonly #methods = new Map<string, Set<string>>();
  #known: readonly Known[] | undefined;

  add({ url, method }: Pick<RouteOptions, 'url' | 'method'>): void {
    const methods = this.#methods.get(url) ?? new Set();
    for (const each of [method].flat()) methods.add(each.toUpperCase());
    this.#methods.set(url, methods);
    this.#known = undefined;
  }

  /** The methods that an address takes, in the order of the alphabet; none where there is nothing at it. */
  methodsAt(path: string): readonly string[] {
    this.#known ??= [...this.#methods].map(([url, methods]) => ({ pattern: patternOf(url), methods }));
    return [...new Set(this.#known.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => [...methods]))].sort();
  }
}
