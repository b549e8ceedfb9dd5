import type { CommandRegistry } from '../dispatch/registry.js';
import { memberStream } from '../domain/member/facts.js';
import { FactsReader } from '../eventstore/stream-reader.js';
import type { Outcome } from '../eventstore/intent.js';
import { transact, type Ledger } from '../eventstore/transact.js';
import { carryOut } from '../import/carry-out.js';
import type { IntentGroup, SimulationChunk } from './chunk.js';
import { planOf, type SimulationOptions } from './options.js';
import { RememberingLog } from './remembering-log.js';
import type { SimulationCounts, SimulationReport } from './report.js';
import { simulate } from './simulate.js';
import { instant } from './world.js';

/** Aggregates that are written to at the same time: enough to keep the event store busy. */
export const GROUPS_IN_FLIGHT_MAX = 256;
export const PROGRESS_INTERVAL_MS = 250;
/** Refusals that are told one by one; the rest is only counted. */
const REFUSALS_TOLD_MAX = 20;

/** Where commands are carried out: the engine's own ledger and contexts. */
export interface Engine {
  readonly ledger: Ledger;
  readonly registry: CommandRegistry;
}

export interface SimulationRun extends Engine {
  readonly options: SimulationOptions;
  /** Whoever asked has gone: no further chunk is begun. */
  readonly signal?: AbortSignal;
  readonly nowMs?: () => number;
}

/** Carries out groups the way the bus's own handler does, on a log that remembers what this run wrote. */
class Performer {
  readonly #log: RememberingLog;
  readonly #ledger: Ledger;
  readonly #registry: CommandRegistry;
  #isFresh = false;

  constructor({ ledger, registry }: Engine) {
    this.#log = new RememberingLog(ledger.log, () => Date.parse(ledger.now()));
    this.#ledger = { log: this.#log, facts: new FactsReader(this.#log), now: ledger.now };
    this.#registry = registry;
  }

  /** Looks whether an earlier run has been here; where not, no new record need be looked for. */
  async start({ groups }: SimulationChunk): Promise<void> {
    const founder = groups.find(({ isNew, stream }) => isNew && stream.startsWith(memberStream('')));
    this.#isFresh = founder !== undefined && !(await this.#log.exists(founder.stream));
  }

  /** @throws EventStoreUnavailable */
  async perform({ stream, isNew, intents }: IntentGroup): Promise<Outcome> {
    if (isNew && this.#isFresh) this.#log.expectNew(stream);
    const registered = this.#registry.find(intents[0]!.command.type); // no group is without intents
    if (!registered) throw new TypeError(`the engine knows no ${intents[0]!.command.type}`);
    return carryOut((each) => transact(this.#ledger, registered.context, each), intents);
  }
}

/** Carries out one chunk: groups side by side, each after those it rests on. Returns what was refused. */
class ChunkRun {
  readonly refused: (SimulationReport & { readonly kind: 'refused' })[] = [];
  readonly counts: { -readonly [Name in keyof SimulationCounts]: SimulationCounts[Name] };
  readonly #begun = new Map<IntentGroup, Promise<void>>();

  constructor(readonly performer: Performer, counts: ChunkRun['counts']) {
    this.counts = counts;
  }

  /** @throws what keeps the whole simulation from going on */
  async carryOut({ groups, refused }: SimulationChunk): Promise<void> {
    for (const each of refused) this.#refuse(each);
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let group = groups[next++]; group; group = groups[next++]) await this.#begin(group);
    };
    await Promise.all(Array.from({ length: Math.min(GROUPS_IN_FLIGHT_MAX, groups.length) }, lane));
  }

  #begin(group: IntentGroup): Promise<void> {
    const begun = this.#one(group);
    this.#begun.set(group, begun);
    return begun;
  }

  async #one(group: IntentGroup): Promise<void> {
    // They stand before it in the chunk: some lane has begun them.
    for (const each of group.after) await this.#begun.get(each);
    const outcome = await this.performer.perform(group);
    const { counts } = this;
    if (!outcome.accepted) {
      const { code, detail } = outcome.refusal;
      return this.#refuse({ command: group.intents.map(({ command }) => command.type).join(', '), stream: group.stream, code, ...(detail !== undefined && { detail }) }, group.intents.length);
    }
    counts.commands += group.intents.length;
    if (outcome.replayed) counts.replayed += group.intents.length;
    else counts.events += outcome.events.length;
  }

  #refuse(refused: Omit<SimulationReport & { readonly kind: 'refused' }, 'kind'>, commands = 1): void {
    this.counts.refused += commands;
    this.refused.push({ kind: 'refused', ...refused });
  }
}

/**
 * Plays a simulation through the commands of a running engine and tells how it goes. Played again it writes nothing; played
 * again after an interruption it goes on. Deadlines ring in virtual time: whoever owns the engine's clock holds it meanwhile.
 * @throws EventStoreUnavailable when the event store stays away; a refused command does not throw, it is counted
 */
export async function* simulationReports({ options, signal, nowMs = () => performance.now(), ...engine }: SimulationRun): AsyncGenerator<SimulationReport> {
  const plan = planOf(options);
  const counts = { commands: 0, events: 0, replayed: 0, refused: 0 };
  const startedMs = nowMs();
  let toldMs = startedMs;
  let refusalsLeft = REFUSALS_TOLD_MAX;
  yield { kind: 'start', simulation: plan.id, from: instant(plan.startMs), until: instant(plan.endMs) };
  const performer = new Performer(engine);
  const chunks = simulate(options);
  let next = chunks.next();
  let isFirst = true;
  // Ends with the chunks. The next one is worked out while the event store is busy with this one.
  for (let step = await next; step.done !== true && !signal?.aborted; step = await next) {
    const chunk = step.value;
    if (isFirst) await performer.start(chunk);
    isFirst = false;
    const run = new ChunkRun(performer, counts);
    const carried = run.carryOut(chunk);
    next = chunks.next();
    next.catch(() => undefined); // awaited in the loop's head; a failure of this chunk may come first
    await carried;
    for (const each of run.refused.slice(0, refusalsLeft)) yield each;
    refusalsLeft = Math.max(0, refusalsLeft - run.refused.length);
    if (nowMs() - toldMs < PROGRESS_INTERVAL_MS) continue;
    toldMs = nowMs();
    yield { kind: 'progress', day: instant(chunk.untilMs).slice(0, 10), percent: Math.floor((100 * (chunk.untilMs - plan.startMs)) / (plan.endMs - plan.startMs)), ...counts };
  }
  if (!signal?.aborted) yield { kind: 'summary', simulation: plan.id, durationMs: Math.round(nowMs() - startedMs), ...counts };
}

export type SimulationSummary = SimulationReport & { readonly kind: 'summary' };

/**
 * Plays a simulation in this process, as `--demo` does. Same promises as `simulationReports`.
 * @throws what that throws; a refusal does not throw: see `refused` of the summary
 */
export async function playSimulation(engine: Engine, options: SimulationOptions, progress: (report: SimulationReport) => void = () => undefined): Promise<SimulationSummary> {
  let summary: SimulationSummary | undefined;
  for await (const report of simulationReports({ ...engine, options })) {
    progress(report);
    if (report.kind === 'summary') summary = report;
  }
  if (!summary) throw new Error('the simulation ended without a summary');
  return summary;
}
