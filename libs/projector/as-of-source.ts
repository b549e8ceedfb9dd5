import type { BuildNames } from './names.js';

/** Positions are safe integers: the tree of round numbers has this many levels. */
const LEVELS_MAX = 53;

/*
 * Closed versions are found by the position they held with a relational interval tree (Kriegel, Pötke, Seidl 2000): a
 * version known for (from, to] is filed under its `fork`, the one number in that interval that the highest power of two
 * divides. Versions that hold a given position can only be filed under the at most 53 forks on the way to it, and a
 * plain B-tree finds them. A GiST index on ranges does the same and was measured ten times slower to write.
 */

/** The SQL of the fork of a version known from `from` until `to`. */
export const FORK_SQL = `((known_to_position >> (64 - position(B'1' in (known_from_position # known_to_position)::bit(64)))) << (64 - position(B'1' in (known_from_position # known_to_position)::bit(64))))`;

/** All forks under which a version that holds `position` can be filed, none beyond the log's present end. */
export function forksOf(position: number, lastPosition: number): number[] {
  const place = position + 1; // a version holds positions from…to-1, and is filed by the interval (from, to]
  const forks: number[] = [];
  for (let level = 0; level < LEVELS_MAX; level += 1) {
    const size = 2 ** level;
    const fork = Math.floor(place / (size * 2)) * size * 2 + size;
    if (fork <= Math.max(lastPosition, position) + 1) forks.push(fork);
    if (size > lastPosition + 1 && size > place) break;
  }
  return forks;
}

/** What is asked of a table. */
export interface KnownColumns {
  readonly columns: readonly string[];
  /** No row of it ever ends. */
  readonly neverClosed: boolean | undefined;
}

/** Beyond every position: until when a current row is known. */
const FOR_EVER = '9223372036854775807';

/**
 * SQL for the rows of a table known at `position`, in parentheses, to stand where a table's name would.
 * Reading as of the past costs the current rows plus an index look-up in the closed ones, however long the history.
 *
 * The conditions stand outside the union, since only then does PostgreSQL look into both of its sides by the indexes that a
 * join asks for. For current rows they are constants, which the planner drops: their fork is one that is always looked for.
 * Where no row ever ends, the current rows are all that there are.
 */
export function knownAt(names: BuildNames, table: string, { columns, neverClosed }: KnownColumns, position: number, lastPosition: number): string {
  const list = [...columns, 'entity', 'known_from_position', 'known_from'].join(', ');
  if (neverClosed) return `(SELECT ${list} FROM ${names.current(table)} WHERE known_from_position <= ${position})`;
  const forks = forksOf(position, lastPosition);
  return `(SELECT ${list} FROM (SELECT ${list}, ${FOR_EVER}::bigint AS known_to_position, ${position + 1}::bigint AS fork FROM ${names.current(table)} UNION ALL SELECT ${list}, known_to_position, fork FROM ${names.history(table)}) AS versions
    WHERE fork = ANY ('{${forks.join(',')}}'::bigint[]) AND known_from_position <= ${position} AND known_to_position > ${position})`;
}
