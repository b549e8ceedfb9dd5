import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule } from '../../api/src/api.module.js';
import { createApp } from '../../api/src/create-app.js';
import { readModels, startProjector } from '../../projector/src/start-projector.js';
import { startRules } from '../../scheduler/src/start-rules.js';
import { HeldScheduler } from '../../scheduler/src/held-scheduler.js';
import { startScheduler } from '../../scheduler/src/start-scheduler.js';
import { CommandRegistry } from '../../../libs/dispatch/registry.js';
import { createDataDirectory } from '../../../libs/data-directory/data-directory.js';
import { contexts } from '../../../libs/domain/contexts.js';
import { Codec } from '../../../libs/eventstore/codec.js';
import { connectEventStore, disconnectEventStore } from '../../../libs/eventstore/connect.js';
import { EventLog } from '../../../libs/eventstore/event-log.js';
import { forgetAgain } from '../../../libs/eventstore/forget-again.js';
import { HistoriesAhead } from '../../../libs/eventstore/histories-ahead.js';
import { FactsReader } from '../../../libs/eventstore/stream-reader.js';
import type { Ledger } from '../../../libs/eventstore/transact.js';
import { EventStoreLogSource } from '../../../libs/eventstore/subscription.js';
import { keepEventStoreServer, type KeptEventStoreServer } from '../../../libs/eventstore-embedded/kept-server.js';
import { EventStoreUnavailable, KeysUnavailable } from '../../../libs/eventstore/unavailable.js';
import { withClockHealth } from '../../../libs/http/clock-health.js';
import type { ProjectionSide } from '../../../libs/http/projection-side.js';
import type { ReadSide } from '../../../libs/http/report.controllers.js';
import { openFileKeyStore } from '../../../libs/personal-data/file-key-store.js';
import { KeyRing } from '../../../libs/personal-data/key-ring.js';
import { masterKeyIn } from '../../../libs/personal-data/master-key.js';
import { openSqlKeyStore } from '../../../libs/personal-data/sql-key-store.js';
import type { Discovered } from '../../../libs/projector/discover.js';
import { HEALTH_LIMITS } from '../../../libs/projector/status.js';
import { waitFor, WAIT_MS_MAX } from '../../../libs/projector/wait-for.js';
import { ReadStoreError, type ReadStore } from '../../../libs/readstore/sql.js';
import { openReadStore } from '../../../libs/readstore/open-read-store.js';
import type { SimulationOptions } from '../../../libs/simulation/options.js';
import { unfinishedSimulation, unfinishedText } from '../../../libs/simulation/unfinished.js';
import { withSimulation } from '../../../libs/simulation/with-simulation.js';
import type { ReportRestart } from '../../../libs/timers/keep-running.js';
import { patiently } from '../../../libs/timers/patiently.js';
import { openAlarmClock } from '../../../libs/timers/open-alarm-clock.js';
import type { ServerConfig } from './config.js';
import { companyZone } from './company-zone.js';
import { setUpDefaults } from './defaults.js';
import { playDemo, type DemoOutcome } from './demo.js';
import { adoptLog, checkKnownLog } from './known-log.js';
import { listen, localUrl, tryToListen } from './listen.js';
import { VERSION } from './version.js';

export interface Engine {
  readonly app: NestFastifyApplication;
  readonly url: string;
  /** What stands behind it, for people: "embedded, port 41234" or "ESDB_URL". */
  readonly eventStore: string;
  readonly readStore: string;
  readonly clock: string;
  /** What became of the demo, where one was asked for. */
  readonly demo?: DemoOutcome;
  /** Settles when a part that the engine cannot do without has ended by itself; says which and how. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/** What was started, to be stopped in the reverse order: nothing is cut off from what it still needs. */
class Started {
  readonly #stops: (() => Promise<void>)[] = [];

  add(stop: () => Promise<void>): void {
    this.#stops.push(stop);
  }

  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (let last = this.#stops.pop(); last; last = this.#stops.pop()) await last().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'not everything stopped cleanly');
  }
}

/** The event store of the config: the one at its URL, or an embedded one in its data directory. */
async function openEventStore(
  config: ServerConfig, started: Started, report: ReportRestart,
): Promise<{ readonly url: string; readonly embedded?: KeptEventStoreServer }> {
  if (config.eventStoreUrl) return { url: config.eventStoreUrl };
  const embedded = await keepEventStoreServer({ dataDir: join(config.dataDir, 'events') }, report);
  started.add(() => embedded.stop());
  return { url: embedded.connectionString, embedded };
}

/** The keys of personal data: in PostgreSQL, for all processes that share it, or else in a file of this one's. */
async function openKeys(config: ServerConfig, store: ReadStore, started: Started): Promise<KeyRing> {
  const keyStore = config.databaseUrl ? await openSqlKeyStore(store) : await openFileKeyStore(join(config.dataDir, 'keys'));
  started.add(() => keyStore.close());
  return KeyRing.open(keyStore, config.masterKey ?? masterKeyIn(config.dataDir));
}

/** Keys that cannot be read are the read store's or the disk's, and no slowness of the event store. */
const isEventStoreAway = (error: unknown): boolean =>
  error instanceof EventStoreUnavailable && !(error instanceof KeysUnavailable);
const isReadStoreAway = (error: unknown): boolean => error instanceof ReadStoreError && error.kind === 'unavailable';
const eventStoreName = (embedded: KeptEventStoreServer | undefined): string =>
  embedded ? 'the embedded event store' : 'the event store at ESDB_URL';

export interface StartOptions {
  /** Fill an empty store with a made-up company before the clock starts, and tell how it goes. */
  readonly demo?: (line: string) => void;
  /** Which company that is; left out: the demo's own. */
  readonly demoCompany?: SimulationOptions;
  /** Make all views anew: they were made from another log, or from one that has lost its end since. */
  readonly adoptLog?: boolean;
}

/** Starts everything in its order: stores, API, projections, clock. What was started is stopped again when a later part fails. */
export async function startEngine(config: ServerConfig, options: StartOptions = {}): Promise<Engine> {
  const started = new Started();
  try {
    return await start(config, options, started);
  } catch (error) {
    await started.stop();
    throw error;
  }
}

/** Waits until every view has the log up to `position`, at most WAIT_MS_MAX each: whoever looks first sees it all. */
async function shown(store: ReadStore, projections: Discovered['projections'], position: number): Promise<void> {
  for (const { name } of projections) await waitFor(store, name, position, WAIT_MS_MAX);
}

async function start(config: ServerConfig, options: StartOptions, started: Started): Promise<Engine> {
  const logger = new Logger('engine');
  const report = (message: string, error?: unknown): void => logger.warn(error instanceof Error ? `${message}: ${error.message}` : message);

  await tryToListen(config);
  createDataDirectory(config.dataDir);
  const [{ url, embedded }, store] = await Promise.all([
    openEventStore(config, started, report),
    patiently(() => openReadStore({ ...(config.databaseUrl && { databaseUrl: config.databaseUrl }), dataDir: join(config.dataDir, 'views'), report }), {
      what: 'the read store at DATABASE_URL', isAway: isReadStoreAway, lives: () => false, report,
    }).then((opened) => {
      started.add(() => opened.close());
      return opened;
    }),
  ]);
  const keys = await openKeys(config, store, started);
  const log = new EventLog(connectEventStore(url), new Codec(contexts, keys));
  started.add(disconnectEventStore);
  const ledger: Ledger = { log, facts: new FactsReader(log), now: () => new Date().toISOString(), ahead: new HistoriesAhead(log) };
  await patiently(async () => {
    await (options.adoptLog ? adoptLog(store) : checkKnownLog(store, log));
    await forgetAgain(log);
    await setUpDefaults(ledger);
  }, { what: eventStoreName(embedded), isAway: isEventStoreAway, lives: () => embedded?.pid() !== undefined, report });

  const found = await readModels();
  const projector = await startProjector(store, log, found, report, { partitions: config.partitions, partitionsHereMax: config.partitionsHereMax });
  started.add(() => projector.stop());

  const readSide: ReadSide = {
    store,
    head: () => log.head(),
    ownUpTo: (position) => log.ownUpTo(position),
    companyZone: () => companyZone(ledger),
    onCommit: (listener) => projector.onCommit(listener),
  };
  const projectionSide: ProjectionSide = { store, source: new EventStoreLogSource(log), projections: found.projections, limits: config.healthLimits ?? HEALTH_LIMITS, owner: projector.owner };
  let clockName = '';
  const scheduler = new HeldScheduler(() => {
    const { clock, name } = openAlarmClock(config.redisUrl, report);
    clockName = name;
    return startScheduler(store, app.get(CommandBus), clock, report, ledger.ahead);
  }, async () => {
    const unfinished = await unfinishedSimulation(log);
    return unfinished && unfinishedText(unfinished);
  });
  const app = await createApp(withClockHealth(withSimulation(ApiModule.for(contexts, ledger, found.reports, readSide, projectionSide, config.publicUrl), scheduler), scheduler), VERSION, config);
  started.add(() => app.close());
  await listen(app, config);

  const demo = options.demo && (await playDemo({ ledger, registry: app.get(CommandRegistry) }, options.demo, options.demoCompany));
  if (demo?.kind === 'played') await shown(store, found.projections, await log.head());

  await scheduler.start();
  if (scheduler.heldFor !== undefined) report(scheduler.heldFor);
  started.add(() => scheduler.close());
  const rules = await startRules(store, log, app.get(CommandBus), app.get(CommandRegistry), report);
  started.add(() => rules.stop());

  return {
    app, url: await localUrl(app, config.host),
    eventStore: embedded ? `embedded EventStoreDB protocol, port ${embedded.port}` : 'EventStoreDB at ESDB_URL',
    readStore: store.kind === 'pglite' ? 'embedded PGlite' : 'PostgreSQL at DATABASE_URL',
    clock: scheduler.heldFor === undefined ? clockName : `held: ${scheduler.heldFor}`, ...(demo && { demo }),
    failed: Promise.race([embedded?.failed, store.failed].filter((each) => each !== undefined)),
    stop: () => started.stop(),
  };
}
