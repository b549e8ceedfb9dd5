import type { Alarm } from './alarm-clock.js';

const text = (record: object, name: string): string | undefined => {
  const value: unknown = Reflect.get(record, name);
  return typeof value === 'string' ? value : undefined;
};

/** An alarm as another process, perhaps of another version, stored it; undefined where it is none. */
export function parseAlarm(stored: unknown): Alarm | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const about: unknown = Reflect.get(stored, 'about');
  if (typeof about !== 'object' || about === null) return undefined;
  const [id, ringAt] = [text(stored, 'id'), text(stored, 'ringAt')];
  const [kind, aggregateId, part, dueAt] = [text(about, 'kind'), text(about, 'aggregateId'), text(about, 'part'), text(about, 'dueAt')];
  if (id === undefined || ringAt === undefined || Number.isNaN(Date.parse(ringAt))) return undefined;
  if (kind === undefined || aggregateId === undefined || part === undefined || dueAt === undefined) return undefined;
  return { id, ringAt, about: { kind, aggregateId, part, dueAt } };
}
