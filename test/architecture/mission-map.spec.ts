import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { contexts } from '../../libs/domain/contexts.js';
import type { CommandClass } from '../../libs/kernel/command.js';

/** One line of a coordinator's work: the commands and events by which the engine covers it. */
interface Row {
  readonly number: number;
  readonly work: string;
  readonly context: string;
  readonly commands: readonly string[];
  readonly events: readonly string[];
}

const ROWS = 23;

let rows: readonly Row[];

beforeAll(async () => {
  const { rows: read } = JSON.parse(await readFile(join(process.cwd(), 'test/mission-map.json'), 'utf8')) as { readonly rows: readonly Row[] }; // the first test holds its shape
  rows = read;
});

/** `context Name` of all that the map or the code holds, so that a name under the wrong context is a gap as well. */
const told = (list: (row: Row) => readonly string[]): string[] => rows.flatMap((row) => list(row).map((name) => `${row.context} ${name}`)).sort();
const commandsInCode = (): string[] => contexts.flatMap(({ name, commands }) => (commands as readonly CommandClass[]).map((command) => `${name} ${command.name}`)).sort(); // the list of contexts forgets what their commands are
const eventsInCode = (): string[] => contexts.flatMap(({ name, events }) => Object.keys(events as object).map((type) => `${name} ${type}`)).sort();

describe('the mission map', () => {
  it('has a row for each part of the work, each with its context, commands and events', () => {
    expect([...new Set(rows.map(({ number }) => number))].sort((a, b) => a - b)).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1));
    for (const row of rows) expect(row).toEqual(expect.objectContaining({ number: expect.any(Number), work: expect.stringMatching(/\S/), context: expect.stringMatching(/^[a-z-]+$/), commands: expect.any(Array), events: expect.any(Array) }));
  });

  it('names the commands there are, each once, and no other', () => {
    expect(told(({ commands }) => commands)).toEqual(commandsInCode());
  });

  it('names the events there are, each once, and no other', () => {
    expect(told(({ events }) => events)).toEqual(eventsInCode());
  });

  it('leaves no context without work', () => {
    expect(contexts.map(({ name }) => name).filter((name) => !rows.some(({ context }) => context === name))).toEqual([]);
  });
});
