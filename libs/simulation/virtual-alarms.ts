import type { AnyDeadlineSource, Deadline } from '../kernel/deadline.js';
import type { Actor, Recorded } from '../kernel/event.js';
import type { World } from './world.js';

/** Rings for the company as the engine's own clock does for a real one. */
export const VIRTUAL_CLOCK: Actor = { id: 'sim-clock', role: 'system' };

interface Pending extends Deadline {
  /** The command that set it. */
  readonly setBy: string;
}

/** Watches the deadlines that the simulated events set, and lets them ring in virtual time. */
export class VirtualAlarms {
  readonly #byEvent = new Map<string, AnyDeadlineSource[]>();
  readonly #pending = new Map<string, Pending>();

  constructor(readonly world: World, sources: readonly AnyDeadlineSource[]) {
    for (const source of sources) for (const type of source.events as readonly string[]) this.#byEvent.set(type, [...(this.#byEvent.get(type) ?? []), source]); // AnyDeadlineSource forgets that its events are named by text
  }

  note(event: Recorded): void {
    for (const source of this.#byEvent.get(event.type) ?? []) {
      const deadline = source.after(event);
      if (deadline === undefined) continue;
      const part = source.part?.(event) ?? '';
      const key = [source.kind, event.stream, part].join('|');
      if (deadline) this.#set(key, source, { ...deadline, setBy: event.commandId }, event.stream.slice(source.category.length + 1), part);
      else this.#pending.delete(key);
    }
  }

  #set(key: string, source: AnyDeadlineSource, deadline: Pending, aggregateId: string, part: string): void {
    this.#pending.set(key, deadline);
    this.world.at(Date.parse(deadline.ringAt), () => {
      if (this.#pending.get(key) !== deadline) return; // cleared or set anew meanwhile
      this.world.send(VIRTUAL_CLOCK, source.command(aggregateId, deadline, part), deadline.setBy);
    });
  }
}
