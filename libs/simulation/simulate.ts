import { contexts } from '../domain/contexts.js';
import { deadlineSources } from '../domain/deadlines.js';
import { ChunkBuilder, CHUNK_INTENTS_MAX, type SimulationChunk } from './chunk.js';
import { foundCompany } from './company/found-company.js';
import { planOf, type SimulationOptions } from './options.js';
import { ShadowLog } from './shadow-log.js';
import { VirtualAlarms } from './virtual-alarms.js';
import { instant, World } from './world.js';

const DAY_MS = 86_400_000;

const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS);

/**
 * A company's life as commands, in the order of virtual time, a chunk a virtual day. Pure: the same options give the same
 * commands, with the same ids, whatever the clock of the machine says. What is asked for late is worked out late.
 */
export async function* simulate(options: SimulationOptions): AsyncGenerator<SimulationChunk, void> {
  const plan = planOf(options);
  const world = new World(plan);
  const shadow = new ShadowLog(contexts);
  const alarms = new VirtualAlarms(world, deadlineSources);
  const chunk = new ChunkBuilder();
  let commands = 0;
  foundCompany(world);
  // Ends with the simulated time; `turn` bounds how many steps that may take.
  for (let turned = world.turn(); turned; turned = world.turn()) {
    const { atMs, sent } = turned;
    if (chunk.fromMs !== undefined && (dayOf(chunk.fromMs) !== dayOf(atMs) || chunk.intents >= CHUNK_INTENTS_MAX)) yield chunk.take();
    for (const each of sent) {
      const occurredAt = instant(atMs);
      const commandId = `${plan.id}:${commands + 1}`;
      const decided = await shadow.decide(each, occurredAt, commandId);
      const { events, refusal } = decided;
      if (refusal) chunk.refuse({ command: each.command.type, stream: decided.stream, ...refusal }, atMs);
      if (events.length === 0) continue; // what changes nothing now might change something when it is sent again later
      commands += 1;
      const intent = { command: each.command, commandId, actor: each.actor, occurredAt, correlationId: plan.id, ...(each.causationId !== undefined && { causationId: each.causationId }) };
      const told = events.map(({ type, data }) => ({ type, data }));
      if (!chunk.add(decided, intent, told)) {
        yield chunk.take();
        chunk.add(decided, intent, told);
      }
      for (const event of events) alarms.note(event);
    }
  }
  if (chunk.fromMs !== undefined) yield chunk.take();
}
