import type { Money } from '../../kernel/event.js';
import { isCurrency, minorDigits } from '../../kernel/money.js';
import type { NumberSigns } from '../map/model.js';
import { converted, unconvertible, type Converted } from './converted.js';

/** More digits are no amount of anything, and cost time. */
const DIGITS_MAX = 30;
const GROUP_DIGITS = 3;

interface Decimal {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

/** The digits of a text; undefined where it is no plain decimal number in these signs. */
function decimalOf(text: string, { decimal, group }: NumberSigns): Decimal | undefined {
  const negative = text.startsWith('-');
  const unsigned = /^[+-]/.test(text) ? text.slice(1) : text;
  const [before = '', fraction = '', ...more] = unsigned.split(decimal);
  const groups = group === undefined ? [before] : before.split(group);
  const grouped = groups.length === 1 || (groups[0]!.length <= GROUP_DIGITS && groups[0] !== '' && groups.slice(1).every((part) => part.length === GROUP_DIGITS));
  const whole = groups.join('');
  if (more.length > 0 || !grouped || !/^\d*$/.test(whole) || !/^\d*$/.test(fraction) || whole + fraction === '' || (whole + fraction).length > DIGITS_MAX) return undefined;
  return { negative, whole: whole === '' ? '0' : whole, fraction };
}

/** An amount, exactly: digits are moved, never multiplied. `major` is 1.50 euros, `minor` is 150 cents. */
export function toMoney(text: string, code: string, scale: 'major' | 'minor', signs: NumberSigns): Converted<Money> {
  const currency: unknown = code;
  if (!isCurrency(currency)) return unconvertible(`"${code}" is no ISO 4217 currency code`);
  const decimal = decimalOf(text, signs);
  if (!decimal) return unconvertible(`"${text}" is no amount such as 1250${signs.decimal}50${signs.group === undefined ? '' : ` or 1${signs.group}250${signs.decimal}50`}`);
  const digits = scale === 'minor' ? 0 : minorDigits(currency);
  const fraction = decimal.fraction.replace(/0+$/, '');
  if (fraction.length > digits) return unconvertible(`"${text}" has more than the ${digits} decimal places that ${scale === 'minor' ? 'minor units' : currency} ${digits === 0 && scale === 'minor' ? 'have' : 'has'}`);
  const amountMinor = Number(`${decimal.whole}${fraction.padEnd(digits, '0')}`);
  if (!Number.isSafeInteger(amountMinor)) return unconvertible(`"${text}" is too large to be counted exactly`);
  return converted({ amountMinor: decimal.negative && amountMinor !== 0 ? -amountMinor : amountMinor, currency });
}

export function toNumber(text: string, signs: NumberSigns): Converted<number> {
  const decimal = decimalOf(text, signs);
  const number = decimal && Number(`${decimal.negative ? '-' : ''}${decimal.whole}${decimal.fraction === '' ? '' : `.${decimal.fraction}`}`);
  if (number === undefined) return unconvertible(`"${text}" is no number`);
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? converted(number === 0 ? 0 : number) : unconvertible(`"${text}" is too large to be counted exactly`);
}
