import type { CommandMessage } from '../../kernel/command.js';
import type { Actor, Instant, LocalDate } from '../../kernel/event.js';
import type { Random } from '../random.js';
import { instant, type World } from '../world.js';
import type { Client } from './client.js';
import { actorOf, isMemberAt, type Held, type Person, type SalesRole } from './person.js';
import { COMPANY_ZONE, type Market } from './setting.js';
import { dateOf, dayAt, DAY_MS, nextAtWork, slotAfterDays } from './work-time.js';

/** What came in from outside at no member's hand: a form on the company's pages. */
export const WEB_FORM: Actor = { id: 'sim-web-form', role: 'admin' };

/** A deal that was won, as bonuses and next quarter's targets look back on it. */
export interface Booking {
  readonly dealId: string;
  readonly ownerId: string;
  readonly atMs: number;
  /** In the company's currency. */
  readonly amountMinor: number;
}

export interface RunningCampaign {
  readonly id: string;
  readonly source: string;
  readonly quality: number;
  /** How many leads it brings, as a share of those that come anyway. */
  readonly share: number;
}

/** The made-up company as it stands: who there is, what runs, what was won. The processes around it share it. */
export class Company {
  readonly people: Person[] = [];
  readonly clients: Client[] = [];
  readonly bookings: Booking[] = [];
  /** How many leads each member has qualified, by quarter and member. */
  readonly qualified = new Map<string, number>();
  readonly campaigns: RunningCampaign[] = [];
  readonly materialIds: string[] = [];
  followUpGraceMinutes = 0;

  constructor(readonly world: World, readonly markets: readonly Market[], readonly pipelines: { readonly newBusiness: string; readonly growth: string }) {}

  get nowMs(): number {
    return this.world.nowMs;
  }

  get now(): Instant {
    return instant(this.world.nowMs);
  }

  /** Today on the company's calendar, `days` from now. */
  day(days = 0): LocalDate {
    return dateOf(dayAt(COMPANY_ZONE, this.nowMs) + Math.round(days));
  }

  send(sender: Person | Actor, command: CommandMessage): void {
    this.world.send('held' in sender ? actorOf(sender) : sender, command);
  }

  /** Lets something happen when `person` is next at work, `delayMs` from now or later. */
  whenAtWork(person: Person, delayMs: number, random: Random, run: () => void): void {
    this.world.at(nextAtWork(person, this.nowMs + delayMs, random), run);
  }

  /** A quarter of an hour on a working day of `person`, `days` from now or later. */
  slot(person: Person, days: number, random: Random): number {
    return Math.max(slotAfterDays(person, this.nowMs, days, random), this.nowMs + DAY_MS / 24);
  }

  /** The members there are at a moment. */
  present(atMs = this.nowMs): Person[] {
    return this.people.filter((person) => isMemberAt(person, atMs));
  }

  /** Somebody of a role, of the region where there is one, as likely as their share of the work says; anybody where nobody has the role. */
  someone(role: SalesRole, random: Random, wanted: { readonly region?: string; readonly atMs?: number; readonly not?: Person } = {}): Person {
    const present = this.present(wanted.atMs).filter((person) => person !== wanted.not);
    const ofRole = present.filter((person) => person.role === role);
    const ofRegion = ofRole.filter(({ region }) => region === wanted.region);
    const candidates = [ofRegion, ofRole, present].find(({ length }) => length > 0) ?? this.people;
    return random.weighted(candidates, ({ share }) => share);
  }

  managerOf(person: Person): Person {
    const managers = this.present().filter(({ role }) => role === 'manager');
    return managers.find(({ teamId }) => teamId === person.teamId) ?? managers[0] ?? person;
  }

  hold(held: Held): void {
    held.owner.held.add(held);
  }

  release(held: Held): void {
    held.owner.held.delete(held);
  }

  /** Puts work on another desk; whoever does so says it. */
  pass(held: Held, to: Person): void {
    held.owner.held.delete(held);
    held.owner = to;
    to.held.add(held);
  }

  /** Gives work to another owner, and says so. */
  give(held: Held, to: Person): void {
    const from = held.owner;
    if (from === to) return;
    this.pass(held, to);
    held.handOver(from);
  }
}
