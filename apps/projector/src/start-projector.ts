import { fileURLToPath } from 'node:url';
import type { EventLog } from '../../../libs/eventstore/event-log.js';
import { EventStoreLogSource } from '../../../libs/eventstore/subscription.js';
import { discoverProjections, type Discovered } from '../../../libs/projector/discover.js';
import { Projector, type ProjectorOptions } from '../../../libs/projector/projector.js';
import type { ReadStore } from '../../../libs/readstore/sql.js';

/** The folder whose folders are the read models; beside `apps`, in the sources as in what is built from them. */
const PROJECTIONS = fileURLToPath(new URL('../../../projections', import.meta.url));

export const readModels = (): Promise<Discovered> => discoverProjections(PROJECTIONS);

/** Runs every read model live, from where its rows stand. */
export async function startProjector(store: ReadStore, log: EventLog, { projections }: Discovered, report: (message: string, error?: unknown) => void, sharing: Pick<ProjectorOptions, 'partitions' | 'partitionsHereMax'> = {}): Promise<Projector> {
  const source = new EventStoreLogSource(log, (error, retryInMs) =>
    report(`the projections cannot read the event store's log; trying again in ${retryInMs} ms`, error));
  const projector = new Projector({ store, source, projections, report, ...sharing });
  await projector.start();
  return projector;
}
