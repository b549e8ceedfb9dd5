// The embedded event store through the unmodified client: what an application gets.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { END, streamNameFilter } from '@eventstore/db-client';

import { EVENT_BYTES, event500, median, percentile, perSecond, residentMb, startServer } from './eventstore-support.mjs';
import { EventStore } from '../libs/eventstore-embedded/streams/event-store.ts';

const ALONE = 1_000;
const IN_FLIGHT = 64;
const CONCURRENT = 20_000;
const HUNDREDS = 300;
const READ_EVENTS = 100_000;
const LATENCIES = 1_000;
const MILLION = 1_000_000;
const MILLION_STREAMS = 100_000;

export async function run({ rounds, dir, say }) {
  const figures = new Map();
  const note = (what, value) => figures.set(what, [...(figures.get(what) ?? []), value]);
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`);
    const server = await startServer(dir);
    await measureAppends(server.client, note);
    await measureReads(server.client, note);
    await measureLatency(server.client, note);
    await server.stop();
    rmSync(server.dataDir, { recursive: true });
  }
  say('a million events');
  await measureMillion(dir, rounds, note);

  const row = (what, unit, digits, goal) => ({ what, value: Number(median(figures.get(what)).toFixed(digits)), unit, ...(goal && { goal }) });
  return {
    title: `The embedded event store, ${EVENT_BYTES} B events, fsync on, medians of ${rounds}`,
    rows: [
      row('durable appends, one at a time', 'appends/s', 0),
      row('durable appends, 64 in flight', 'appends/s', 0, '>= 5000'),
      row('durable appends, in hundreds', 'events/s', 0),
      row('reading a stream', 'events/s', 0, '>= 33000'),
      row('reading $all', 'events/s', 0, '>= 33000'),
      row('append to subscriber, p50', 'ms', 2, '<= 1'),
      row('append to subscriber, p99', 'ms', 2),
      row('memory without events', 'MB', 0),
      row('memory at 1 M events', 'MB', 0),
      row('opening 1 M events', 's', 2, '<= 5'),
    ],
  };
}

async function measureAppends(client, note) {
  for (let warm = 0; warm < 2_000; warm += IN_FLIGHT) await Promise.all(Array.from({ length: IN_FLIGHT }, () => client.appendToStream('warm', event500())));
  note('durable appends, one at a time', await perSecond(ALONE, async () => {
    for (let count = 0; count < ALONE; count++) await client.appendToStream('alone', event500());
  }));
  let left = CONCURRENT;
  note('durable appends, 64 in flight', await perSecond(CONCURRENT, () => Promise.all(Array.from({ length: IN_FLIGHT }, async (_, writer) => {
    while (left-- > 0) await client.appendToStream(`flight-${writer}`, event500());
  }))));
  note('durable appends, in hundreds', await perSecond(HUNDREDS * 100, async () => {
    for (let count = 0; count < HUNDREDS; count++) await client.appendToStream('hundreds', Array.from({ length: 100 }, event500));
  }));
}

async function measureReads(client, note) {
  for (let count = 0; count < READ_EVENTS; count += 1_000) await client.appendToStream('long', Array.from({ length: 1_000 }, event500));
  note('reading a stream', await perSecond(READ_EVENTS, () => drain(client.readStream('long'))));
  note('reading $all', await perSecond(READ_EVENTS, () => drain(client.readAll({ maxCount: READ_EVENTS }))));
}

async function drain(events) {
  for await (const { event } of events) if (event === undefined) throw new Error('An event is missing.');
}

async function measureLatency(client, note) {
  const stream = `latency-${randomUUID()}`;
  const subscription = client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [stream] }) });
  let arrived = () => undefined;
  subscription.on('data', () => arrived());
  await new Promise((resolve) => subscription.once('caughtUp', resolve));
  const latencies = [];
  for (let count = 0; count < LATENCIES; count++) {
    const arrival = new Promise((resolve) => (arrived = () => resolve(performance.now())));
    const started = performance.now();
    const acknowledged = client.appendToStream(stream, event500());
    latencies.push((await arrival) - started);
    await acknowledged;
  }
  await subscription.unsubscribe();
  note('append to subscriber, p50', percentile(latencies, 0.5));
  note('append to subscriber, p99', percentile(latencies, 0.99));
}

async function measureMillion(dir, rounds, note) {
  const dataDir = mkdtempSync(join(dir, 'eventstore-bench-'));
  await fillMillion(dataDir);
  for (let round = 0; round < rounds; round++) {
    const empty = await startServer(dir);
    note('memory without events', residentMb(empty.pid));
    await empty.stop();
    rmSync(empty.dataDir, { recursive: true });

    const started = performance.now();
    const full = await startServer(dir, dataDir);
    note('opening 1 M events', (performance.now() - started) / 1_000);
    note('memory at 1 M events', residentMb(full.pid));
    await full.stop();
  }
  rmSync(dataDir, { recursive: true });
}

/** Written in this process: the way through the client would measure nothing here and take a minute. */
async function fillMillion(dataDir) {
  const store = new EventStore({ dataDir, durable: false });
  const data = Buffer.from(JSON.stringify(event500().data));
  const batch = 10;
  for (let count = 0; count < MILLION; ) {
    const writing = [];
    for (let each = 0; each < 200; each++, count += batch) {
      const events = Array.from({ length: batch }, () => ({ id: Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), type: 'Measured', isJson: true, data, metadata: new Uint8Array(0) }));
      writing.push(store.append(`filled-${(count / batch) % MILLION_STREAMS}`, 'any', events));
    }
    await Promise.all(writing);
  }
  await store.close();
}
