import { setTimeout as pause } from 'node:timers/promises';
import type { LogSource } from '../../../libs/projector/log-source.js';
import { Projector } from '../../../libs/projector/projector.js';
import { openReadStore } from '../../../libs/readstore/open-read-store.js';
import { accounts } from '../../../libs/testing/counter-projection.js';
import { longHistory } from './history.js';
import { killingStore, type KillPoint } from './killing-store.js';

export interface ProjectorPlace {
  readonly databaseUrl: string;
  readonly events: number;
  readonly partitions: number;
  readonly kill?: KillPoint;
}

/** Pages arrive as over a network, not all at once: batches stay small, and there are many. */
const PAGE_MS = 1;

// A process of its own: its one argument says where it works, and when it is to die.
const { databaseUrl, events, partitions, kill } = JSON.parse(process.argv[2] ?? '{}') as ProjectorPlace; // the test wrote it
const log = longHistory(events);
const source: LogSource = {
  head: () => log.head(),
  at: (position) => log.at(position),
  async *subscribe(subscription) {
    for await (const page of log.subscribe(subscription)) {
      yield page;
      await pause(PAGE_MS);
    }
  },
};
const store = await openReadStore({ databaseUrl });
const projector = new Projector({ store: kill ? killingStore(store, kill) : store, source, projections: [accounts], partitions, report: (message, error) => process.stderr.write(`${message}: ${String(error)}\n`) });
await projector.start();
process.send?.('started');
