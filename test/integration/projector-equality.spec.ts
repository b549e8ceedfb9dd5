import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openBuild, prepareStore, type Build } from '../../libs/projector/builds.js';
import { claimPartition } from '../../libs/projector/claim.js';
import { foldLog, rowsAt } from '../../libs/projector/fold-log.js';
import { withView } from '../../libs/projector/open-view.js';
import { GATHER_MS } from '../../libs/projector/limits.js';
import type { LogBatch } from '../../libs/projector/log-source.js';
import { PageFeed } from '../../libs/projector/page-feed.js';
import { PartitionWriter } from '../../libs/projector/partition-writer.js';
import { writeLog } from '../../libs/projector/write-log.js';
import { rebuild } from '../../libs/projector/rebuild.js';
import { canonical } from '../../libs/projector/fold.js';
import type { AnyProjection, Row } from '../../libs/kernel/projection.js';
import type { ReadStore } from '../../libs/readstore/sql.js';
import { accounts, booked, bookings, closed, opened, ownerForgotten, renamed, unrelated, type AccountEvent } from '../../libs/testing/counter-projection.js';
import { dumpFold, dumpTables } from '../../libs/testing/dump-tables.js';
import { InMemoryLog, type Said } from '../../libs/testing/in-memory-log.js';
import { STORE_KINDS, type StoreKind } from '../../libs/testing/stores.js';

const EVENTS_MAX = 80;
const RUNS = { PostgreSQL: 40, PGlite: 15 } as const;

const id = fc.constantFrom('a', 'b', 'c', 'nobody', 'ümläut', 'tab\tand "quote" \\N');
const event: fc.Arbitrary<Said<AccountEvent> | ReturnType<typeof unrelated>> = fc.oneof(
  id.map((each) => opened(each)),
  fc.tuple(id, fc.integer({ min: -3, max: 3 }), fc.constantFrom('x', 'y', 'line\nbreak')).map(([each, amount, tag]) => booked(each, amount, tag)),
  fc.tuple(id, fc.string({ maxLength: 8 }).map((text) => text.replaceAll('\0', ''))).map(([each, owner]) => renamed(each, /\p{Surrogate}/u.test(owner) ? 'ada' : owner)),
  id.map((each) => closed(each)),
  id.map((each) => ownerForgotten(each)),
  fc.constant(unrelated()),
);
/** How the log is cut: after how many events a batch ends, whether the worker is a new one then, and how little it remembers. */
const cuts = fc.array(fc.record({ events: fc.integer({ min: 1, max: 20 }), restart: fc.boolean(), cached: fc.constantFrom(1, 2, 1_000) }), { minLength: 1, maxLength: 30 });
const histories = fc.record({ events: fc.array(event, { minLength: 1, maxLength: EVENTS_MAX }), cuts, partitions: fc.constantFrom(1, 3), sameTime: fc.boolean() });

/** The log in batches cut by the plan; a batch that begins with an event already seen must change nothing by it. */
async function* batches(log: InMemoryLog, from: number, plan: readonly { events: number; restart: boolean }[], cut: { step: number }): AsyncIterable<LogBatch> {
  for (let at = from; at < log.entries.length;) {
    const { events, restart } = plan[cut.step % plan.length]!;
    cut.step += 1;
    const page = log.entries.slice(Math.max(0, at - 1), at + events);
    at += events;
    yield { events: page, lastPosition: page.at(-1)!.position, caughtUp: restart };
    if (restart) return;
  }
}

async function live(store: ReadStore, projection: AnyProjection, build: Build, log: InMemoryLog, plan: readonly { events: number; restart: boolean; cached: number }[]): Promise<void> {
  for (let partition = 0; partition < build.partitions; partition += 1) {
    const cut = { step: 0 };
    for (let from = 0; from < log.entries.length;) {
      const claim = await store.transaction((sql) => claimPartition(sql, build, partition, 'test'));
      const writer = new PartitionWriter(store, projection, claim, { entitiesCachedMax: plan[cut.step % plan.length]!.cached });
      let nowMs = 0;
      const feed = new PageFeed(new AbortController().signal, () => (nowMs += GATHER_MS + 1));
      const reading = feed.pump(batches(log, from, plan, cut));
      await writeLog(feed, [writer], () => undefined);
      await reading;
      from = log.entries.findIndex((entry) => entry.position > writer.position);
      if (from < 0) break;
    }
  }
}

const sorted = (rows: readonly Row[]): string[] => rows.map((row) => canonical(row)).sort();

describe.each(STORE_KINDS)('rows on $name', ({ name, start }) => {
  let kind: StoreKind;
  beforeAll(async () => {
    kind = await start();
  });
  afterAll(() => kind.stop());

  it('are the same live, rebuilt and folded afresh, for any history, any batches and any restarts', async () => {
    const store = await kind.empty();
    await fc.assert(
      fc.asyncProperty(histories, async ({ events, cuts: plan, partitions, sameTime }) => {
        await store.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
        await prepareStore(store);
        const log = new InMemoryLog();
        log.append(...events.map((each, index) => (sameTime ? { ...each, recordedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(index / 3))).toISOString() } : each)));
        for (const projection of [accounts, bookings]) {
          await live(store, projection, await openBuild(store, projection, partitions), log, plan);
          const fresh = dumpFold(projection, foldLog(projection, log.events));
          expect(await dumpTables(store, projection)).toEqual(fresh);
          expect(await rebuild(store, log, projection, { owner: 'test' })).toMatchObject({ swapped: true, comparison: { equal: true } });
          expect(await dumpTables(store, projection)).toEqual(fresh);
        }
        const fresh = foldLog(accounts, log.events);

        for (const { position, recordedAt } of log.events) {
          const read = (asOf: { position: number } | { time: string }) => withView(store, ['accounts'], asOf, (view) => view.query<Row>(`SELECT account_id, tag, amount, booked_by FROM ${view.table('accounts_booking')} b`));
          expect(sorted(await read({ position }))).toEqual(sorted(rowsAt(fresh, 'booking', position)));
          const known = log.events.filter((each) => each.recordedAt <= recordedAt).at(-1)!.position;
          expect(sorted(await read({ time: recordedAt }))).toEqual(sorted(rowsAt(fresh, 'booking', known)));
        }
      }),
      { numRuns: RUNS[name as keyof typeof RUNS] }, // the names of STORE_KINDS
    );
    await store.close();
  });
});
