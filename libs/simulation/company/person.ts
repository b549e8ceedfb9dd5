import type { Actor, Role } from '../../kernel/event.js';
import type { Absence, WorkPattern } from './work-time.js';

export type SalesRole = Extract<Role, 'coordinator' | 'executive' | 'manager'>;

/** Work that has one owner and goes to another one when that person leaves. */
export interface Held {
  owner: Person;
  /** Sends what hands it over; `owner` is set to the new one beforehand. */
  readonly handOver: (from: Person) => void;
}

/** A member, and what they are like. People differ: that is what reports on people are for. */
export interface Person extends WorkPattern {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  role: SalesRole;
  teamId: string;
  /** How well they win people over, around 1. */
  readonly skill: number;
  /** How long they take, around 1; more is slower. */
  readonly pace: number;
  /** The chance that they do in time what is due. */
  readonly diligence: number;
  /** How much of the incoming work lands with them, around 1. */
  readonly share: number;
  readonly joinsMs: number;
  readonly leavesMs: number;
  readonly absences: Absence[];
  readonly held: Set<Held>;
}

export const actorOf = ({ id, role }: Person): Actor => ({ id, role });

/** Whether somebody is a member at a moment. */
export const isMemberAt = ({ joinsMs, leavesMs }: Person, atMs: number): boolean => joinsMs <= atMs && atMs < leavesMs;
