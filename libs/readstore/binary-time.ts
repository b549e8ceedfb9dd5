const DAY_MS = 86_400_000;
/** Both of PostgreSQL's clocks begin with the year 2000. */
const EPOCH_DAY = Date.UTC(2000, 0, 1) / DAY_MS;
const DAY_CHARACTERS = 'yyyy-mm-dd'.length;
const INSTANT_CHARACTERS = 'yyyy-mm-ddThh:mm:ss.mmmZ'.length;
const ZERO = 0x30;

/** Days looked up last: those of a batch are few, and working one out costs as much as the rest of its instant. */
const DAYS_KEPT_MAX = 10_000;
const days = new Map<string, number>();

/** Days from 2000-01-01 to a day `yyyy-mm-dd`; undefined where there is no such day. */
export function dayNumber(text: string): number | undefined {
  const known = days.get(text);
  if (known !== undefined) return known;
  const ms = text.length === DAY_CHARACTERS ? Date.parse(text) : NaN;
  // Date takes the 30th of February for the 2nd of March. PostgreSQL has no year 0.
  if (Number.isNaN(ms) || text.startsWith('0000') || new Date(ms).toISOString().slice(0, DAY_CHARACTERS) !== text) return undefined;
  if (days.size >= DAYS_KEPT_MAX) days.clear();
  const day = ms / DAY_MS - EPOCH_DAY;
  days.set(text, day);
  return day;
}

/** The number that two digits write, or one beyond every bound. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 1_000;
}

let lastText: string | undefined;
let lastMs = 0;

/** Milliseconds from 2000-01-01T00:00Z to an instant `yyyy-mm-ddThh:mm:ss.mmmZ`; undefined where there is no such instant. */
export function instantMs(text: string): number | undefined {
  // Of an event, the same text stands in several columns and rows.
  if (text === lastText) return lastMs;
  if (text.length !== INSTANT_CHARACTERS || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':' || text[19] !== '.' || text[23] !== 'Z') return undefined;
  const day = dayNumber(text.slice(0, DAY_CHARACTERS));
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const millisecond = twoDigits(text, 20) * 10 + twoDigits(text, 21) % 10;
  if (day === undefined || hour > 23 || minute > 59 || second > 59 || millisecond > 999 || twoDigits(text, 21) > 99) return undefined;
  lastText = text;
  lastMs = (((day * 24 + hour) * 60 + minute) * 60 + second) * 1_000 + millisecond;
  return lastMs;
}
