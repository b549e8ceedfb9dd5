import { createHash } from 'node:crypto';

/*
 * What makes two leads the same person or company, however it was typed. Keys are digests, so that the read model holds no
 * address, number or name. Anyone who guesses an address can still find its digest: keys are personal data, worked out in the
 * fold from what the log can read at that moment. Once personal fields are encrypted the fold sees them decrypted, or not at
 * all: then there is no key, and what was already there goes with ContactForgotten.
 */

const DIGEST_LENGTH = 32;
/** Shorter numbers are extensions, which every company has. */
const PHONE_DIGITS_MIN = 7;
/** The end of a number that is the same with and without its country's prefix; shorter than any national number that has one. */
const PHONE_TAIL_DIGITS = 8;

/** Letters that no accent was put on, but that are typed without it all the same. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', æ: 'ae', œ: 'oe', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
const LEGAL_FORMS: ReadonlySet<string> = new Set([
  'ltd', 'limited', 'llc', 'llp', 'plc', 'inc', 'incorporated', 'corp', 'corporation', 'co', 'company', 'pty', 'pte', 'gmbh', 'mbh', 'ag', 'kg', 'kgaa', 'ug', 'ohg', 'gbr', 'se', 'ev', 'eg',
  'sa', 'sas', 'sarl', 'srl', 'spa', 'sl', 'slu', 'lda', 'ltda', 'bv', 'nv', 'vof', 'ab', 'as', 'asa', 'aps', 'oy', 'oyj', 'doo', 'sro', 'zoo', 'kft', 'and',
]);
const TITLES: ReadonlySet<string> = new Set(['mr', 'mrs', 'ms', 'dr', 'prof', 'herr', 'frau', 'mme', 'mlle']);

const digest = (kind: string, text: string): string => createHash('sha256').update(`${kind}\n${text}`).digest('hex').slice(0, DIGEST_LENGTH);

/** Small letters without accents; everything but letters and digits parts words, a dot within an abbreviation does not. */
function words(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{Mark}/gu, '').toLowerCase().replace(/[ßøæœłđðþı]/g, (letter) => PLAIN_LETTERS[letter] ?? letter);
  return plain.replace(/[.'’]/g, '').replace(/&/g, ' and ').split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

/** The name of a company without its legal form; never nothing: a company may be called "Company". */
export function plainCompany(company: string): string {
  const all = words(company);
  let end = all.length;
  while (end > 1 && LEGAL_FORMS.has(all[end - 1]!)) end -= 1;
  return all.slice(0, end).join(' ');
}

/** The words of a person's name in any order, "Lind, Bo" as "Bo Lind", without titles. */
export const plainName = (name: string): string => words(name).filter((word) => !TITLES.has(word)).sort().join(' ');

/** The mailbox: without capitals, and without what some put behind a plus to sort their mail by. */
export function plainEmail(email: string): string {
  const [mailbox = '', ...host] = email.normalize('NFKC').trim().toLowerCase().split('@');
  return `${mailbox.replace(/\+.*$/, '')}@${host.join('@')}`;
}

export interface PlainPhone {
  /** Its last digits, the same with and without a country's prefix. */
  readonly tail: string;
  /** All its digits from the country on; undefined for a number without one. */
  readonly international?: string;
}

/** A number as it is dialled: `+41 (0)44 555 01 02`, `0041 44 …` and `044 …` end alike. undefined: too short to tell anyone apart. */
export function plainPhone(phone: string): PlainPhone | undefined {
  const digits = phone.replace(/\(0\)/g, '').replace(/[^\d+]/g, '').replace(/^00/, '+');
  const hasCountry = digits.startsWith('+');
  const number = hasCountry ? digits.slice(1) : digits.replace(/^0/, '');
  if (number.length < PHONE_DIGITS_MIN) return undefined;
  return { tail: number.slice(-PHONE_TAIL_DIGITS), ...(hasCountry && { international: number }) };
}

export interface MatchKeys {
  readonly email?: string;
  readonly phoneTail?: string;
  readonly phone?: string;
  readonly companyAndName?: string;
}

export interface Identity {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly company?: string | undefined;
}

/** What a lead is known again by; nothing for what was not given or has been forgotten. */
export function matchKeys({ name, email, phone, company }: Identity): MatchKeys {
  const number = phone ? plainPhone(phone) : undefined;
  const [person, firm] = [name ? plainName(name) : '', company ? plainCompany(company) : ''];
  return {
    ...(email && { email: digest('email', plainEmail(email)) }),
    ...(number && { phoneTail: digest('phone tail', number.tail) }),
    ...(number?.international && { phone: digest('phone', number.international) }),
    ...(person && firm && { companyAndName: digest('company and name', `${firm}\n${person}`) }),
  };
}
