import type { MapNode } from './map-node.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const NAME_RULE = 'a name: 1 to 64 letters, digits or . _ -';

export const isName = (text: string): boolean => NAME.test(text);

/** A name that is part of derived ids: present, and within the alphabet of names. */
export function nameAt(node: MapNode, key: string): string | undefined {
  const below = node.get(key);
  if (!below) return node.fail(`expected ${key}: ${NAME_RULE}`);
  const name = below.text(NAME_RULE);
  if (name === undefined) return undefined;
  return isName(name) ? name : below.expected(NAME_RULE);
}

export function unique(node: MapNode | undefined, names: readonly string[], what: string): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) node?.fail(`two ${what} are called ${twice}: give each a name of its own`);
}
