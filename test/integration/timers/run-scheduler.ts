import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { startScheduler } from '../../../apps/scheduler/src/start-scheduler.js';
import { DispatchModule } from '../../../libs/dispatch/dispatch.module.js';
import { contexts } from '../../../libs/domain/contexts.js';
import { Codec } from '../../../libs/eventstore/codec.js';
import { connectEventStore } from '../../../libs/eventstore/connect.js';
import { EventLog } from '../../../libs/eventstore/event-log.js';
import { HistoriesAhead } from '../../../libs/eventstore/histories-ahead.js';
import { FactsReader } from '../../../libs/eventstore/stream-reader.js';
import { EventStoreLogSource } from '../../../libs/eventstore/subscription.js';
import type { Ledger } from '../../../libs/eventstore/transact.js';
import { Projector } from '../../../libs/projector/projector.js';
import { openReadStore } from '../../../libs/readstore/open-read-store.js';
import { openAlarmClock } from '../../../libs/timers/open-alarm-clock.js';
import { deadlines } from '../../../projections/deadlines/deadlines.projection.js';

export interface SchedulerPlace {
  readonly eventStoreUrl: string;
  /** Where PGlite keeps the rows. */
  readonly dataDir: string;
  readonly redisUrl?: string;
}

export interface RunningScheduler {
  readonly ledger: Ledger;
  stop(): Promise<void>;
}

/** All that deadlines need, and no more: event store client, command bus, the deadlines' rows, a clock, the scheduler. */
export async function runScheduler({ eventStoreUrl, dataDir, redisUrl }: SchedulerPlace): Promise<RunningScheduler> {
  const log = new EventLog(connectEventStore(eventStoreUrl), new Codec(contexts));
  const ledger: Ledger = { log, facts: new FactsReader(log), now: () => new Date().toISOString(), ahead: new HistoriesAhead(log) };
  const store = await openReadStore({ dataDir });
  const app = await NestFactory.createApplicationContext(DispatchModule.for(contexts, ledger), { logger: false });
  const projector = new Projector({ store, source: new EventStoreLogSource(log), projections: [deadlines] });
  await projector.start();
  const report = (message: string): boolean => process.stderr.write(`${message}\n`);
  const scheduler = await startScheduler(store, app.get(CommandBus), openAlarmClock(redisUrl, report).clock, report, ledger.ahead);
  return {
    ledger,
    async stop() {
      await scheduler.close();
      await projector.stop();
      await app.close();
      await store.close();
    },
  };
}

// Run as a process of its own: its one argument says where; it tells its parent when it is ready, and is there to be killed.
if (process.send && process.argv[1]?.endsWith('run-scheduler.ts')) {
  await runScheduler(JSON.parse(process.argv[2] ?? '{}') as SchedulerPlace); // the test wrote it
  process.send('ready');
}
