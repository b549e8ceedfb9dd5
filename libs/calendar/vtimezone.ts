import { DateTime } from 'luxon';

/** No zone changes its clocks twice within so short a time; Morocco's month of Ramadan is the shortest known. */
const STEP_MS = 7 * 86_400_000;
const MINUTE_MS = 60_000;

const offsetText = (minutes: number): string => {
  const whole = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${String(Math.floor(whole / 60)).padStart(2, '0')}${String(whole % 60).padStart(2, '0')}`;
};

/** One rule of the zone: from a moment on, its clocks show another hour. A rule starts at the hour the clocks showed before. Platforms name offsets differently: the offset is its own name. */
function observance(atMs: number, from: number, zone: string): string {
  const after = DateTime.fromMillis(atMs, { zone, locale: 'en' });
  const start = DateTime.fromMillis(atMs + from * MINUTE_MS, { zone: 'utc', locale: 'en' }).toFormat("yyyyMMdd'T'HHmmss");
  const kind = after.isInDST ? 'DAYLIGHT' : 'STANDARD';
  return [`BEGIN:${kind}`, `DTSTART:${start}`, `TZOFFSETFROM:${offsetText(from)}`, `TZOFFSETTO:${offsetText(after.offset)}`, `TZNAME:${offsetText(after.offset)}`, `END:${kind}`].join('\n');
}

/** The first minute from which the offset is another one. */
function changeBetween(beforeMs: number, afterMs: number, offsetAt: (atMs: number) => number): number {
  const before = offsetAt(beforeMs);
  let [low, high] = [Math.floor(beforeMs / MINUTE_MS), Math.ceil(afterMs / MINUTE_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * MINUTE_MS) === before) low = middle;
    else high = middle;
  }
  return high * MINUTE_MS;
}

/** The VTIMEZONE of a zone (RFC 5545, 3.6.5) that holds from one moment to another: what its clocks showed first, and each change. */
export function vtimezone(zone: string, fromMs: number, untilMs: number): string {
  const offsetAt = (atMs: number): number => DateTime.fromMillis(atMs, { zone }).offset;
  const rules = [observance(fromMs, offsetAt(fromMs), zone)];
  for (let atMs = fromMs; atMs < untilMs; atMs += STEP_MS) {
    const before = offsetAt(atMs);
    if (offsetAt(atMs + STEP_MS) !== before) rules.push(observance(changeBetween(atMs, atMs + STEP_MS, offsetAt), before, zone));
  }
  return ['BEGIN:VTIMEZONE', `TZID:${zone}`, ...rules, 'END:VTIMEZONE'].join('\n');
}
