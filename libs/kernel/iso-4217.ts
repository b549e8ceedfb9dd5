/** The day whose ISO 4217 (list one, with all amendments until then) the table below is. */
export const ISO_4217_EDITION = '2026-01-01';

/** Active codes by their minor units, as the standard gives them: what the platform's `Intl` says of them changes with its version. */
const ACTIVE: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP
    COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR
    JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN
    NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL
    THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

/**
 * Codes that events of earlier years may hold: withdrawn since 2021 (list three of the standard has no minor units; these are
 * those that list one had), and two units of account to which the standard gives none and which are counted in hundredths.
 * The other codes without minor units (metals, bond market units, XTS, XXX) are no money and are unknown.
 */
const KEPT: Readonly<Record<number, string>> = { 2: 'ANG BGN CUC HRK SLL XDR XSU ZWL' };

const digitsByCode = (lists: Readonly<Record<number, string>>): [string, number][] =>
  Object.entries(lists).flatMap(([digits, codes]) => codes.split(/\s+/).map((code): [string, number] => [code, Number(digits)]));

/** Digits after the point, by currency code. */
export const ISO_4217_DIGITS: ReadonlyMap<string, number> = new Map([...digitsByCode(ACTIVE), ...digitsByCode(KEPT)]);
