import type { Json } from './model.js';

export type MapPath = readonly (string | number)[];

export interface MapError {
  readonly path: MapPath;
  readonly message: string;
}

/** `steps[0].commands[1].fields.value` */
export const pathText = (path: MapPath): string => path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isJson = (value: unknown): value is Json =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value) || (Array.isArray(value) ? value.every(isJson) : isRecord(value) && Object.values(value).every(isJson));

/** Says what stands at a place, for error messages. */
function described(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : JSON.stringify(value);
}

/**
 * A place in the map. Reading from it never throws: what is not as expected is noted with its path,
 * so that one run names every error of the map.
 */
export class MapNode {
  constructor(readonly value: unknown, readonly path: MapPath, readonly errors: MapError[]) {}

  fail(message: string): undefined {
    this.errors.push({ path: this.path, message });
    return undefined;
  }

  expected(what: string): undefined {
    return this.fail(`expected ${what}, found ${described(this.value)}`);
  }

  is(kind: 'list' | 'mapping' | 'text'): boolean {
    return kind === 'list' ? Array.isArray(this.value) : kind === 'mapping' ? isRecord(this.value) : typeof this.value === 'string';
  }

  /** The place below; undefined where nothing is written. */
  get(key: string): MapNode | undefined {
    const below: unknown = isRecord(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
    return below === undefined || below === null ? undefined : new MapNode(below, [...this.path, key], this.errors);
  }

  has(key: string): boolean {
    return isRecord(this.value) && Object.hasOwn(this.value, key);
  }

  /** Notes every key that is not among these. False where this is no mapping at all. */
  allows(keys: readonly string[], what: string): boolean {
    if (!isRecord(this.value)) {
      this.expected(what);
      return false;
    }
    for (const key of Object.keys(this.value)) {
      if (!keys.includes(key)) this.errors.push({ path: [...this.path, key], message: `is not known here; expected ${keys.join(', ')}` });
    }
    return true;
  }

  entries(what: string): readonly (readonly [string, MapNode])[] {
    if (!isRecord(this.value)) return this.expected(what) ?? [];
    return Object.entries(this.value).map(([key, value]) => [key, new MapNode(value, [...this.path, key], this.errors)] as const);
  }

  items(what: string): readonly MapNode[] {
    if (!Array.isArray(this.value)) return this.expected(what) ?? [];
    return this.value.map((value: unknown, index) => new MapNode(value, [...this.path, index], this.errors));
  }

  /** A text that is not blank. */
  text(what: string): string | undefined {
    return typeof this.value === 'string' && this.value.trim() !== '' ? this.value : this.expected(what);
  }

  /** A scalar as the text that a cell would hold: YAML reads `1` as a number, a cell never does. */
  scalarText(what: string): string | undefined {
    return ['string', 'number', 'boolean'].includes(typeof this.value) ? String(this.value) : this.expected(what);
  }

  oneOf<T extends string>(words: readonly T[]): T | undefined {
    return words.find((word) => word === this.value) ?? this.expected(`one of ${words.join(', ')}`);
  }

  json(): Json | undefined {
    return isJson(this.value) ? this.value : this.expected('a plain value');
  }
}
