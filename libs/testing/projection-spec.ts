import { expect } from '@jest/globals';
import type { DomainEvent, Instant } from '../kernel/event.js';
import type { Projection, Row } from '../kernel/projection.js';
import { canonical } from '../projector/fold.js';
import { foldLog, rowsAt } from '../projector/fold-log.js';
import { InMemoryLog, type Said } from './in-memory-log.js';

/**
 * `given(events).thenRows(table, …rows)`: the projection alone, no store, no mocks. Rows are compared by the columns that
 * the test names, in any order, and there must be no others. `asOf` goes back to the n-th event, or to a moment.
 * Each event is recorded a second after the one before, from SPEC_START on, and happens then unless it says `occurredAt`.
 */
export function projectionSpec<S extends object, E extends DomainEvent, T extends string>(projection: Projection<S, E, T>) {
  return {
    given: (...said: Said<E>[]) => {
      const log = new InMemoryLog(SPEC_START);
      if (said.length > 0) log.append(...said);
      const versions = foldLog(projection, log.events);
      const then = (position?: number) => ({
        thenRows: (table: T, ...rows: Row[]) => {
          const known = rowsAt(versions, table, position);
          const names = new Set(rows.flatMap((row) => Object.keys(row)));
          const told = known.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => names.size === 0 || names.has(name))));
          const sorted = (list: readonly Row[]): Row[] => [...list].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
          expect(sorted(told)).toEqual(sorted(rows));
        },
      });
      return {
        ...then(),
        asOf: (moment: { readonly event: number } | { readonly time: Instant }) => {
          const known = 'event' in moment ? log.events.slice(0, moment.event) : log.events.filter((event) => event.recordedAt <= moment.time);
          return then(known.at(-1)?.position ?? -1);
        },
      };
    },
  };
}

export const SPEC_START: Instant = '2026-01-01T00:00:00.000Z';
