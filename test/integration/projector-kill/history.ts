import { booked, closed, opened, renamed } from '../../../libs/testing/counter-projection.js';
import { InMemoryLog } from '../../../libs/testing/in-memory-log.js';

const ACCOUNTS = 60;
const PAGE_EVENTS = 25;

/** Numbers that look random and are the same in every process. */
function* numbers(): Generator<number, never> {
  for (let state = 20_260_101; ; state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) yield state >>> 8;
}

/** A long history of a few accounts that open, move, are renamed and close: the same in the test as in the processes it starts. */
export function longHistory(events: number): InMemoryLog {
  const log = new InMemoryLog('2026-01-01T00:00:00.000Z', PAGE_EVENTS);
  const next = numbers();
  const number = (): number => next.next().value;
  for (let each = 0; each < events; each += 1) {
    const id = `a${number() % ACCOUNTS}`;
    const kind = number() % 20;
    log.append(kind < 3 ? opened(id, `owner ${number() % 5}`) : kind < 4 ? closed(id) : kind < 6 ? renamed(id, `owner ${number() % 5}`) : booked(id, (number() % 9) - 4, `tag ${number() % 4}`));
  }
  return log;
}
