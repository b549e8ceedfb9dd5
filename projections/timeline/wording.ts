import type { DomainEvent, Instant, Money } from '../../libs/kernel/event.js';
import { minorDigits } from '../../libs/kernel/money.js';

/** One sentence for each type of event, from its data alone. None repeats personal data: a timeline outlives a person’s wish to be forgotten. */
export type Sentences<E extends DomainEvent> = { readonly [T in E['type']]: (data: Extract<E, { type: T }>['data']) => string };

const THOUSANDS = /\B(?=(\d{3})+(?!\d))/g;

/** `EUR 1,250.00`. */
export function money({ amountMinor, currency }: Money): string {
  const digits = minorDigits(currency);
  const figures = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const [whole, fraction] = [figures.slice(0, figures.length - digits), figures.slice(figures.length - digits)];
  return `${currency} ${amountMinor < 0 ? '−' : ''}${whole.replace(THOUSANDS, ',')}${fraction === '' ? '' : `.${fraction}`}`;
}

/** `2026-03-01 12:00 UTC`. */
export const when = (at: Instant): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

/** A code word as people write it. */
export const words = (code: string): string => code.replaceAll('_', ' ');

/** More words where there are any. */
export const also = (before: string, text: string | undefined, after = ''): string => (text === undefined || text === '' ? '' : `${before}${text}${after}`);

export const about = ({ kind, id }: { readonly kind: string; readonly id: string }): string => `${kind} ${id}`;

/** Several, with "and" before the last. */
export const listed = (items: readonly string[]): string => (items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`);
