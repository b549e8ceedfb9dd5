// A log of a simulated company, as the real deciders write it: made once a size, kept in a directory, served by the embedded server.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { contexts } from '../libs/domain/contexts.ts';
import { Codec } from '../libs/eventstore/codec.ts';
import { EventStore } from '../libs/eventstore-embedded/streams/event-store.ts';
import { simulate } from '../libs/simulation/simulate.ts';

const END = '2026-11-01';
const MONTHS_MAX = 60;
/** Twenty people's hundred thousand events a year: a longer log is a longer history, until the simulation knows no more months. */
const EVENTS_A_MONTH = 8_340;
const TEAM = 20;
const APPENDS_AT_ONCE = 200;
/** Of both together the log says how it was made: another recipe, another log. */
const RECIPE = 2;
/** A simulation gives about as many events as it is asked for; what is too much is left out. */
const MORE = 1.3;

const bytes = (value) => Buffer.from(JSON.stringify(value));

/** What the engine writes beside an event. */
function encoded(codec, event, { occurredAt, actor, commandId, correlationId }) {
  const { type, data, metadata } = codec.encode(event, randomUUID(), { $correlationId: correlationId, $causationId: commandId, actor, occurredAt, commandId, commandHash: '0'.repeat(32) });
  return { id: Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), type, isJson: true, data: bytes(data), metadata: bytes(metadata) };
}

/**
 * The log of at least `events` events in `dir`; made where it is missing. `marks` tells for some sizes the position of the log's event
 * of that number, and the day on which it happened.
 */
export async function logOf(dir, events, sizes, say) {
  const dataDir = join(dir, `pipeledger-bench-log-${events}-${RECIPE}`);
  const note = join(dataDir, 'made.json');
  if (existsSync(note)) return { dataDir, ...JSON.parse(readFileSync(note, 'utf8')) };
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
  const asked = Math.ceil(events * MORE);
  const months = Math.min(MONTHS_MAX, Math.ceil(asked / EVENTS_A_MONTH) + 1);
  const codec = new Codec(contexts.map((context) => context.events));
  const store = new EventStore({ dataDir, durable: false });
  const marks = {};
  let count = 0;
  let writing = [];
  const settle = async () => {
    const results = await Promise.all(writing);
    writing = [];
    return results.at(-1)?.position;
  };
  for await (const chunk of simulate({ seed: 1, months, team: TEAM, end: END, events: asked })) {
    for (const { stream, intents, events: told } of chunk.groups) {
      // A command that wrote one event gave it its moment; of a group that wrote more, the first command did.
      const moments = intents.length === told.length ? intents : told.map(() => intents[0]);
      writing.push(store.append(stream, 'any', told.map((event, index) => encoded(codec, event, moments[index]))));
      count += told.length;
      if (writing.length >= APPENDS_AT_ONCE) await settle();
      const mark = sizes.find((size) => size <= count && marks[size] === undefined);
      if (mark !== undefined) marks[mark] = { events: count, position: await settle(), day: intents[0].occurredAt.slice(0, 10) };
    }
    if (count >= events) break;
    if (Math.floor(count / 50_000) !== Math.floor((count - chunk.events) / 50_000)) say(`  ${count} events simulated`);
  }
  await settle();
  await store.close();
  if (count < events) throw new Error(`the simulation ended after ${count} events`);
  const made = { events: count, months, marks };
  writeFileSync(note, JSON.stringify(made));
  return { dataDir, ...made };
}
