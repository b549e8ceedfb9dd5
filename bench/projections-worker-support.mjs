// One measurement in a process of its own, so that its memory is its own: `node projections-worker-support.mjs <task as JSON>` prints the result as JSON.
import { fileURLToPath } from 'node:url';

import { connectEventStore } from '../libs/eventstore/connect.ts';
import { Codec } from '../libs/eventstore/codec.ts';
import { EventLog } from '../libs/eventstore/event-log.ts';
import { EventStoreLogSource } from '../libs/eventstore/subscription.ts';
import { contexts } from '../libs/domain/contexts.ts';
import { discoverProjections } from '../libs/projector/discover.ts';
import { Projector } from '../libs/projector/projector.ts';
import { rebuild } from '../libs/projector/rebuild.ts';
import { runReport } from '../libs/projector/run-report.ts';
import { waitFor, WAIT_MS_MAX } from '../libs/projector/wait-for.ts';
import { openReadStore } from '../libs/readstore/open-read-store.ts';

const MEMORY_LOOK_MS = 200;

/** A log that ends at a position: what it was when it had so many events. */
class LogUntil {
  constructor(source, position) {
    this.source = source;
    this.position = position;
  }

  head() {
    return Promise.resolve(this.position);
  }

  at(position) {
    return this.source.at(position);
  }

  async *subscribe(subscription) {
    if ((subscription.afterPosition ?? -1) >= this.position) return this.#rest(subscription.signal);
    for await (const page of this.source.subscribe(subscription)) {
      const isLast = page.lastPosition >= this.position;
      yield isLast ? { events: page.events.filter(({ position }) => position <= this.position), lastPosition: this.position, caughtUp: true } : { ...page, caughtUp: false };
      if (isLast) return this.#rest(subscription.signal);
    }
  }

  #rest(signal) {
    return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
  }
}

const sourceOf = ({ eventStore, position }) => {
  const log = new EventLog(connectEventStore(eventStore), new Codec(contexts));
  return new LogUntil(new EventStoreLogSource(log, (error) => console.error(error)), position);
};

async function everyProjectionReaches(store, projections, position, onCommit) {
  for (const { name } of projections) while (!(await waitFor(store, name, position, WAIT_MS_MAX, onCommit)));
}

/** Runs projections live from where they stand until the log's end. */
async function live(task, store, projections) {
  const projector = new Projector({ store, source: sourceOf(task), projections, report: (message, error) => console.error(message, error ?? '') });
  const started = performance.now();
  await projector.start();
  await everyProjectionReaches(store, projections, task.position, (listener) => projector.onCommit(listener));
  const ms = performance.now() - started;
  await projector.stop();
  return { ms };
}

async function rebuilt(task, store, projections) {
  const source = sourceOf(task);
  const started = performance.now();
  for (const projection of projections) await rebuild(store, source, projection, { owner: 'bench', force: true });
  return { ms: performance.now() - started };
}

/** Whom or what a list is asked about: the one there is most of. */
async function busiest(store, { report, of }) {
  if (of === undefined) return {};
  if (report === 'agenda') {
    const [item] = await store.query('SELECT member_id AS id FROM agenda_item GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1');
    return { memberId: item.id };
  }
  const [mention] = await store.query(
    `SELECT id FROM (SELECT kind, id FROM timeline_mention UNION ALL SELECT entity_kind, entity_id FROM timeline_entry UNION ALL SELECT 'member', actor_id FROM timeline_entry WHERE actor_role <> 'system') x
    WHERE kind = $1 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`, [of]);
  return of === 'member' ? { memberId: mention.id } : { subjectKind: of, subjectId: mention.id };
}

/** Milliseconds of each answer, by question. */
async function reports({ questions, times }, store, _, { reports: known }) {
  for (const { tablename } of await store.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)) await store.query(`ANALYZE ${tablename}`);
  const answers = [];
  for (const question of questions) {
    const report = known.find(({ name }) => name === question.report);
    const query = { ...question.query, ...(await busiest(store, question)) };
    const ms = [];
    for (let time = 0; time < times; time += 1) {
      const started = performance.now();
      const outcome = await runReport(store, report, query);
      ms.push(performance.now() - started);
      if (!outcome.ok) throw new Error(`${report.name}: ${JSON.stringify(outcome.errors)}`);
    }
    answers.push({ ...question, query, ms });
  }
  return { answers };
}

const TASKS = { live, rebuilt, reports };

const task = JSON.parse(process.argv[2]);
let residentMb = 0;
const memory = setInterval(() => (residentMb = Math.max(residentMb, process.memoryUsage().rss / 1_048_576)), MEMORY_LOOK_MS);
const found = await discoverProjections(fileURLToPath(new URL('../projections', import.meta.url)));
const store = await openReadStore(task.store);
const projections = task.projections === undefined ? found.projections : found.projections.filter(({ name }) => task.projections.includes(name));
const result = await TASKS[task.task](task, store, projections, found);
clearInterval(memory);
await store.close();
process.stdout.write(JSON.stringify({ ...result, projections: projections.map(({ name }) => name), reports: found.reports.map(({ name }) => name), residentMb }));
process.exit(0);
