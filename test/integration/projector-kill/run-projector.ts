import { setTimeout as pause } from 'node:timers/promises';
import type { LogBatch, LogSource, Subscription } from '../../../libs/projector/log-source.js';
import { Projector } from '../../../libs/projector/projector.js';
import { positionOf } from '../../../libs/projector/wait-for.js';
import { openReadStore } from '../../../libs/readstore/open-read-store.js';
import { accounts } from '../../../libs/testing/counter-projection.js';
import { longHistory } from './history.js';
import { killingStore, type KillPoint } from './killing-store.js';

export interface ProjectorPlace {
  readonly databaseUrl: string;
  readonly events: number;
  readonly partitions: number;
  /** Left out: it lives, and reads as fast as it can. */
  readonly kill?: KillPoint;
}

const LOOK_MS = 2;

// A process of its own: its one argument says where it works, and when it is to die.
const { databaseUrl, events, partitions, kill } = JSON.parse(process.argv[2] ?? '{}') as ProjectorPlace; // the test wrote it
const log = longHistory(events);
const store = await openReadStore({ databaseUrl });

/** Gives a page only when the one before the last is in the tables: however slow the machine, batches are small and there are many, and one is folded while another is committed. */
async function* paced(subscription: Subscription): AsyncGenerator<LogBatch> {
  let before = -1;
  for await (const page of log.subscribe(subscription)) {
    yield page;
    while (((await positionOf(store, 'accounts')) ?? -1) < before) await pause(LOOK_MS);
    before = page.lastPosition;
  }
}

const source: LogSource = { head: () => log.head(), at: (position) => log.at(position), subscribe: kill ? paced : (subscription) => log.subscribe(subscription) };
const projector = new Projector({ store: kill ? killingStore(store, kill) : store, source, projections: [accounts], partitions, report: (message, error) => process.stderr.write(`${message}: ${String(error)}\n`) });
await projector.start();
process.send?.('started');
