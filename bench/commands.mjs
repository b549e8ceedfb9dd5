// What remembering a command costs: one that nobody can send again, one that is found again in its stream, and one under an
// idempotency key of a caller, which is claimed in a stream of its own; beside the raw client, in one run.
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';

import { jsonEvent } from '@eventstore/db-client';

import { contexts } from '../libs/domain/contexts.ts';
import { ScoreLead, CaptureLead } from '../libs/domain/lead/commands.ts';
import { leadContext } from '../libs/domain/lead/lead.context.ts';
import { Codec } from '../libs/eventstore/codec.ts';
import { EventLog } from '../libs/eventstore/event-log.ts';
import { FactsReader } from '../libs/eventstore/stream-reader.ts';
import { transact } from '../libs/eventstore/transact.ts';
import { build } from '../libs/kernel/command.ts';
import { median, perSecond, startServer } from './eventstore-support.mjs';

const LEADS = 500;
const IN_FLIGHT = [1, 64];
const REPEATS = {
  never: 'an id that nobody can send again',
  in_stream: 'an id found again in its stream',
  anywhere: 'an idempotency key',
};
const ACTOR = { id: 'bench', role: 'admin' };

/** Runs `each` for 0 to count − 1, so many at a time. */
function side(inFlight, count, each) {
  let next = 0;
  return Promise.all(
    Array.from({ length: inFlight }, async () => {
      for (let index = next++; index < count; index = next++) await each(index);
    }),
  );
}

export async function run({ rounds, dir, say }) {
  const figures = new Map();
  const note = (what, value) => figures.set(what, [...(figures.get(what) ?? []), value]);
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}`);
    const server = await startServer(dir);
    const log = new EventLog(server.client, new Codec(contexts));
    const ledger = { log, facts: new FactsReader(log), now: () => new Date().toISOString() };
    const send = async (command, repeats) => {
      const outcome = await transact(ledger, leadContext, [
        { command, commandId: randomUUID(), actor: ACTOR, repeats },
      ]);
      if (!outcome.accepted) throw new Error(outcome.refusal.code);
    };
    for (const inFlight of IN_FLIGHT) {
      const at = `${inFlight} at a time`;
      const raw = () =>
        log.client.appendToStream(
          `raw-${randomUUID()}`,
          jsonEvent({ type: 'Measured', data: { filling: 'x'.repeat(200) } }),
        );
      note(`raw appends, ${at}`, await perSecond(LEADS, () => side(inFlight, LEADS, raw)));
      for (const [repeats, words] of Object.entries(REPEATS)) {
        const ids = Array.from({ length: LEADS }, () => randomUUID());
        const capture = (index) =>
          send(build(CaptureLead, { leadId: ids[index], source: 'web', company: 'Vela' }), repeats);
        const score = (index) => send(build(ScoreLead, { leadId: ids[index], score: 10 }), repeats);
        note(`new record, ${words}, ${at}`, await perSecond(LEADS, () => side(inFlight, LEADS, capture)));
        note(`a change, ${words}, ${at}`, await perSecond(LEADS, () => side(inFlight, LEADS, score)));
        note(`nothing to do, ${words}, ${at}`, await perSecond(LEADS, () => side(inFlight, LEADS, score)));
      }
    }
    await server.stop();
    rmSync(server.dataDir, { recursive: true });
  }
  const rows = [...figures].map(([what, values]) => ({ what, value: Math.round(median(values)), unit: 'commands/s' }));
  return { title: `Commands through transact, fsync on, medians of ${rounds}`, rows };
}
