import { hostname } from 'node:os';
import type { Recorded } from '../kernel/event.js';
import type { AnyRule } from '../kernel/rule.js';
import { knownEventOf, type KnownEvent } from '../projector/known-event.js';
import { STANDBY_MS } from '../projector/limits.js';
import { isUndecodable, type LogBatch, type LogSource } from '../projector/log-source.js';
import { backoffMs, pause } from '../projector/wait.js';
import type { ReadStore, Seat } from '../readstore/sql.js';
import { systemTime, type Time } from '../timers/time.js';
import { DUE_EVERY_MS, DUE_LOOK_MS, NEWS_DAYS_MAX, SNAPSHOT_EVENTS } from './limits.js';
import { RuleMinds, type Intended } from './rule-minds.js';
import { claimRules, commitRules, makeRuleTables, notRecorded, readSnapshot, RulesFencedOff, type RuleClaim } from './rule-store.js';
import { sendActions, type Sender } from './send-actions.js';

const DAY_MS = 86_400_000;

export interface RuleWorkerOptions {
  readonly store: ReadStore;
  readonly source: LogSource;
  readonly rules: readonly AnyRule[];
  readonly sender: Sender;
  readonly report: (message: string, error?: unknown) => void;
  readonly time?: Time;
}

/** One process's turn at running the rules. */
interface Lead {
  readonly seat: Seat;
  readonly claim: RuleClaim;
  readonly minds: RuleMinds;
  /** Acted upon and recorded up to here. */
  committed: number;
  /** Taken in up to here. */
  position: number;
  caughtUp: boolean;
  eventsSinceSnapshot: number;
  /** When to look next for what is due by time alone. */
  dueAtMs: number;
}

/**
 * Runs all rules, in one process at a time: takes in the log, sends what they want, records it, then moves its checkpoint.
 * A crash in between sends the same commands again, and they answer as they did the first time.
 */
export class RuleWorker {
  readonly #abort = new AbortController();
  readonly #time: Time;
  #running: Promise<void> = Promise.resolve();
  #turn: Promise<void> = Promise.resolve();
  #position = -1;
  readonly #waiting = new Set<() => void>();

  constructor(private readonly options: RuleWorkerOptions) {
    this.#time = options.time ?? systemTime;
  }

  /** Makes missing tables and starts; does not wait until it has caught up. */
  async start(): Promise<void> {
    await makeRuleTables(this.options.store);
    this.#running = this.#run();
  }

  /** Ends after what is being sent. */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
  }

  /** Resolves once this process has acted upon the log up to that position. */
  async reached(position: number): Promise<void> {
    while (this.#position < position) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const seat = await this.options.store.takeSeat('pipeledger rules');
        if (seat) await this.#lead(seat).finally(() => seat.leave());
        else await pause(STANDBY_MS, signal);
        failures = 0;
      } catch (error) {
        if (error instanceof RulesFencedOff) continue;
        failures += 1;
        this.options.report('the rules stopped and start anew', error);
        await pause(backoffMs(failures), signal);
      }
    }
  }

  async #lead(seat: Seat): Promise<void> {
    const { store, source, rules, report } = this.options;
    const claim = await claimRules(store, `${hostname()}:${process.pid}`);
    const minds = new RuleMinds(rules, report);
    const snapshot = await readSnapshot(store);
    const position = snapshot && snapshot.position <= claim.position && minds.recall(snapshot.remembered) ? snapshot.position : -1;
    const lead: Lead = { seat, claim, minds, committed: claim.position, position, caughtUp: false, eventsSinceSnapshot: 0, dueAtMs: 0 };
    const reading = new AbortController();
    const stop = (): void => reading.abort();
    this.#abort.signal.addEventListener('abort', stop, { once: true });
    if (this.#abort.signal.aborted) stop(); // while the turn was claimed: the event is over
    let failure: { readonly error: unknown } | undefined;
    const cancelDue = this.#every(DUE_LOOK_MS, () => this.#exclusive(() => this.#due(lead, reading.signal)).catch((error: unknown) => {
      failure = { error };
      reading.abort();
    }));
    try {
      for await (const page of source.subscribe({ afterPosition: position < 0 ? null : position, eventTypes: minds.eventTypes, signal: reading.signal })) await this.#exclusive(() => this.#take(lead, page));
      if (failure) throw failure.error;
    } finally {
      cancelDue();
      reading.abort();
      this.#abort.signal.removeEventListener('abort', stop);
      await this.#turn.catch(() => undefined);
    }
  }

  async #take(lead: Lead, page: LogBatch): Promise<void> {
    const intended: Intended[] = [];
    for (const entry of page.events) {
      if (isUndecodable(entry)) {
        this.options.report(`the rules pass over what cannot be read: ${entry.error}`);
        continue;
      }
      const wanted = this.#ifNews(entry, lead.minds.take(entry));
      if (entry.position > lead.claim.position) intended.push(...wanted);
    }
    lead.eventsSinceSnapshot += page.events.length;
    lead.caughtUp = page.caughtUp;
    const isNew = page.lastPosition > lead.claim.position && page.events.length > 0;
    if (isNew) await this.#act(lead, intended, page.lastPosition, knownEventOf(page.events));
    lead.position = page.lastPosition;
    if (page.events.length > 0) lead.dueAtMs = 0; // what was learned may make something due
    this.#told(page.lastPosition);
  }

  /**
   * What was recorded long ago is not acted upon: either it was, or the notes of it are lost and the whole log comes again. A command
   * that was refused left no event by which the log would know it again; the company has moved on since.
   */
  #ifNews(event: Recorded, wanted: readonly Intended[]): readonly Intended[] {
    const isNews = this.#time.nowMs() - Date.parse(event.recordedAt) <= NEWS_DAYS_MAX * DAY_MS;
    return isNews ? wanted : wanted.map((each) => (each.held ? each : { ...each, held: 'too_old' as const }));
  }

  /** What has come due by time alone; only where the log is known to its end. */
  async #due(lead: Lead, signal: AbortSignal): Promise<void> {
    const nowMs = this.#time.nowMs();
    if (!lead.caughtUp || nowMs < lead.dueAtMs || signal.aborted) return;
    lead.dueAtMs = nowMs + DUE_EVERY_MS;
    const due = await notRecorded(this.options.store, lead.minds.due(new Date(nowMs).toISOString()));
    if (due.length > 0) await this.#act(lead, due, Math.max(lead.position, lead.committed));
  }

  /** Sends, records, moves on. */
  async #act(lead: Lead, intended: readonly Intended[], position: number, known?: KnownEvent): Promise<void> {
    if (!lead.seat.held()) throw new RulesFencedOff('the seat of the rules was lost');
    const { store, sender } = this.options;
    const done = await sendActions(sender, intended);
    const isSnapshotDue = lead.eventsSinceSnapshot >= SNAPSHOT_EVENTS;
    const learned = { known, ...(isSnapshotDue && { remembered: lead.minds.remembered() }) };
    await commitRules(store, lead.claim.epoch, lead.committed, position, done, learned);
    if (isSnapshotDue) lead.eventsSinceSnapshot = 0;
    lead.committed = position;
  }

  /** One thing at a time: a page of the log, or what came due. */
  #exclusive(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.catch(() => undefined).then(work);
    return this.#turn;
  }

  #every(delayMs: number, work: () => Promise<void>): () => void {
    let cancel: () => void = () => undefined;
    const again = (): void => {
      cancel = this.#time.after(delayMs, () => void work().then(again));
    };
    again();
    return () => cancel();
  }

  #told(position: number): void {
    this.#position = position;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
