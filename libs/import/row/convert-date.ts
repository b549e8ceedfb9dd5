import { DateTime } from 'luxon';
import type { Instant, LocalDate } from '../../kernel/event.js';
import { startOfDay } from '../../kernel/local-time.js';
import { converted, unconvertible, type Converted } from './converted.js';

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const YEAR_MIN = 1900;
const YEAR_MAX = 2200;
/** Dates repeat in a file; reading one is dear. */
const REMEMBERED_MAX = 20_000;

/** The letters that stand for something in a pattern; others (YYYY, DD) are a common slip and would be read as themselves. */
const TOKENS = /^[yMLdEcHhmsSuaZzXx]+$/;

/** A pattern without the texts that stand in it for themselves. */
const bare = (format: string): string => format.replaceAll(/'[^']*'/g, '');

const remembered = new Map<string, Converted<Instant>>();

/** Why a pattern cannot be used; undefined when it can. It must be able to say a whole date and read it back. */
export function formatProblem(format: string): string | undefined {
  const sample = DateTime.fromObject({ year: 2017, month: 11, day: 28, hour: 13, minute: 45 }, { zone: 'utc', locale: 'en' });
  const back = DateTime.fromFormat(sample.toFormat(format), format, { zone: 'utc', locale: 'en' });
  const tokens = bare(format).replaceAll(/[^A-Za-z]/g, '');
  return TOKENS.test(tokens) && back.isValid && back.hasSame(sample, 'day') ? undefined : `"${format}" is no pattern for a date with year, month and day; expected something like dd.MM.yyyy or M/d/yyyy HH:mm`;
}

/** A pattern says the time of day itself, or leaves it to `time`. */
const saysTime = (format: string): boolean => /[HhXx]/.test(bare(format));

/** Of a time that the clocks show twice, the first; a time that they skip is the moment they go on. */
const firstOf = (at: DateTime): DateTime => at.getPossibleOffsets().reduce((first, other) => (other.toMillis() < first.toMillis() ? other : first), at);

function parse(text: string, format: string | undefined, zone: string): DateTime | undefined {
  const parsed = format === undefined ? (ISO.test(text) ? DateTime.fromISO(text.replace(' ', 'T'), { zone }) : undefined) : DateTime.fromFormat(text, format, { zone, locale: 'en' });
  return parsed?.isValid && parsed.year >= YEAR_MIN && parsed.year <= YEAR_MAX ? parsed : undefined;
}

const expectation = (text: string, format: string | undefined): string => `"${text}" is no date ${format === undefined ? 'in ISO 8601, such as 2026-03-01 or 2026-03-01T09:00' : `like ${format}`}`;

function instantOf(text: string, format: string | undefined, zone: string, time: string): Converted<Instant> {
  const parsed = parse(text, format, zone);
  if (!parsed) return unconvertible(expectation(text, format));
  const dayOnly = format === undefined ? ISO_DAY.test(text) : !saysTime(format);
  const at = dayOnly ? DateTime.fromISO(`${parsed.toISODate()}T${time}`, { zone }) : parsed;
  // A text with an offset of its own is that moment already, whatever the clocks of the zone show.
  const spokenOffset = format === undefined ? /(Z|[+-]\d{2}:?\d{2})$/.test(text) && text.length > 10 : /[ZzXx]/.test(bare(format));
  const moment = (spokenOffset ? at : firstOf(at)).toJSDate().toISOString();
  if (!dayOnly) return converted(moment);
  // A day that is written is that day in reports, too, where the clocks go back over its midnight.
  const begins = startOfDay(parsed.toISODate()!, zone); // parsed is valid
  return converted(moment < begins ? begins : moment);
}

/**
 * The moment that a text names. A date alone is taken at `time` of that day in `zone`; a date and time without an offset is read in
 * `zone`; one with an offset needs no zone. Where clocks go back, the first of the two; where they skip ahead, the moment they go on.
 */
export function toInstant(text: string, format: string | undefined, zone: string, time: string): Converted<Instant> {
  const key = `${format ?? ''}\n${zone}\n${time}\n${text}`;
  const known = remembered.get(key);
  if (known) return known;
  const made = instantOf(text, format, zone, time);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(key, made);
  return made;
}

/** The calendar day that a text names, as it is written: no zone moves it. */
export function toDay(text: string, format: string | undefined): Converted<LocalDate> {
  const parsed = format === undefined ? (ISO.test(text) ? parse(text.slice(0, 10), undefined, 'utc') : undefined) : parse(text, format, 'utc');
  const day = parsed?.toISODate();
  return day ? converted(day) : unconvertible(expectation(text, format));
}
