import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SimulationOptions } from './options.js';
import { simulate } from './simulate.js';

const SMALL: SimulationOptions = { seed: 7, months: 2, team: 6, end: '2026-11-01' };
const TIMEOUT_MS = 900_000;

interface Stream {
  readonly hash: string;
  readonly times: readonly number[];
  readonly ids: ReadonlySet<string>;
  readonly refused: number;
}

/** All that a simulation would send, in one fingerprint: commands, actors, times and ids. */
async function streamOf(options: SimulationOptions): Promise<Stream> {
  const hash = createHash('sha256');
  const times: number[] = [];
  const ids = new Set<string>();
  let refused = 0;
  for await (const chunk of simulate(options)) {
    refused += chunk.refused.length;
    for (const group of chunk.groups) {
      for (const intent of group.intents) {
        hash.update(JSON.stringify([group.stream, intent.command.type, intent]));
        times.push(Date.parse(intent.occurredAt));
        ids.add(intent.commandId);
      }
    }
  }
  return { hash: hash.digest('hex'), times, ids, refused };
}

describe('a simulation', () => {
  it('is the same for the same options, down to the last id', async () => {
    const [first, second] = [await streamOf(SMALL), await streamOf(SMALL)];
    expect(second.hash).toBe(first.hash);
    expect(first.ids.size).toBe(first.times.length);
    expect(first.times.length).toBeGreaterThan(1_500);
  }, TIMEOUT_MS);

  it('is another one for another seed, team, time or end, and shares no command id with it', async () => {
    const short: SimulationOptions = { ...SMALL, months: 1, events: 500 };
    const others: readonly SimulationOptions[] = [short, { ...short, seed: 8 }, { ...short, team: 7 }, { ...short, end: '2026-10-01' }, { ...short, events: 700 }];
    const streams: Stream[] = [];
    for (const options of others) streams.push(await streamOf(options));
    expect(new Set(streams.map(({ hash }) => hash)).size).toBe(others.length);
    expect(new Set(streams.flatMap(({ ids }) => [...ids])).size).toBe(streams.reduce((sum, { ids }) => sum + ids.size, 0));
  }, TIMEOUT_MS);

  it.each([11, 12, 13])('sends nothing that would be refused: seed %d', async (seed) => {
    expect((await streamOf({ ...SMALL, seed, months: 5, events: 4_000 })).refused).toBe(0);
  }, TIMEOUT_MS);

  it('can be of three people', async () => {
    const { refused, times } = await streamOf({ ...SMALL, team: 3, months: 1 });
    expect(refused).toBe(0);
    expect(times.length).toBeGreaterThan(300);
  }, TIMEOUT_MS);

  it('comes to about as many events as asked for', async () => {
    let events = 0;
    for await (const chunk of simulate({ ...SMALL, months: 6, team: 10, events: 10_000 })) events += chunk.events;
    expect(events).toBeGreaterThan(6_000);
    expect(events).toBeLessThan(14_000);
  }, TIMEOUT_MS);
});
