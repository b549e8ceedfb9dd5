import { createApp } from '../../apps/api/src/create-app.js';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { contexts } from '../../libs/domain/contexts.js';
import { Codec } from '../../libs/eventstore/codec.js';
import { connectEventStore } from '../../libs/eventstore/connect.js';
import { EventLog } from '../../libs/eventstore/event-log.js';
import type { KeyRing } from '../../libs/personal-data/key-ring.js';
import { FactsReader } from '../../libs/eventstore/stream-reader.js';

/** The API over an event store at `url`, not listening: supertest talks to it directly. */
export async function startApi(url: string, keys?: KeyRing) {
  const codec = new Codec(contexts, keys);
  const log = new EventLog(connectEventStore(url), codec);
  const facts = new FactsReader(log);
  const app = await createApp(ApiModule.for(contexts, { log, facts, now: () => new Date().toISOString() }, []), 'test');
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return { app, log };
}
