import { describe, expect, it } from '@jest/globals';
import { matchKeys, plainCompany, plainEmail, plainName, plainPhone } from './match-keys.js';

describe('a company', () => {
  it.each([
    ['Vela Marine GmbH', 'vela marine'], ['  VELA  MARINE  gmbh ', 'vela marine'], ['Vela-Marine G.m.b.H.', 'vela marine'], ['Vela Marine GmbH & Co. KG', 'vela marine'], ['Véla Marine AG', 'vela marine'], ['Vela Marine S.A.R.L.', 'vela marine'],
    ['Vela Marine, Inc.', 'vela marine'], ['Vela Marine Pty Ltd', 'vela marine'], ['Vela Marine', 'vela marine'], ['Øresund Æbler ApS', 'oresund aebler'], ['Straße & Söhne oHG', 'strasse and sohne'], ["L'Oréal SA", 'loreal'], ['Яхты ООО', 'яхты ооо'], ['3M Company', '3m'],
  ])('%s is known as %s', (given, plain) => expect(plainCompany(given)).toBe(plain));
  it('is never left without a name', () => expect([plainCompany('Company'), plainCompany('Co. Ltd.'), plainCompany('AG')]).toEqual(['company', 'co', 'ag']));
  it('keeps a legal form that is part of its name', () => expect(plainCompany('AG Insurance NV')).toBe('ag insurance'));
});

describe('a person', () => {
  it.each([['Bo Lind', 'bo lind'], ['LIND, Bo', 'bo lind'], ['Dr. Bó  Lind', 'bo lind'], ['Anne-Marie Roe', 'anne marie roe'], ['Łukasz Żak', 'lukasz zak']])('%s is known as %s', (given, plain) => expect(plainName(given)).toBe(plain));
});

describe('an e-mail address', () => {
  it.each([['Bo.Lind@Vela.Example', 'bo.lind@vela.example'], [' bo.lind@vela.example ', 'bo.lind@vela.example'], ['bo.lind+fair@vela.example', 'bo.lind@vela.example']])('%s is %s', (given, plain) => expect(plainEmail(given)).toBe(plain));
  it('is another one at another host or with another dot', () => expect(new Set(['bo.lind@vela.example', 'bolind@vela.example', 'bo.lind@orla.example'].map(plainEmail)).size).toBe(3));
});

describe('a telephone number', () => {
  it.each([['+41 44 555 01 02', '41445550102'], ['0041445550102', '41445550102'], ['+41 (0)44 555-01-02', '41445550102'], ['+45 20.30/40 50', '4520304050']])('%s is %s, wherever it is dialled from', (given, international) =>
    expect(plainPhone(given)?.international).toBe(international));
  it('ends alike with and without its country', () => expect(new Set(['+41 44 555 01 02', '044 555 01 02', '0041 44 5550102'].map((phone) => plainPhone(phone)?.tail))).toEqual(new Set(['45550102'])));
  it('of one country says no country where none was typed', () => expect(plainPhone('044 555 01 02')).toEqual({ tail: '45550102' }));
  it('tells nobody apart when it is as short as an extension', () => expect([plainPhone('112'), plainPhone('55 01 02'), plainPhone('0 55 01 02')]).toEqual([undefined, undefined, undefined]));
});

describe('what a lead is known again by', () => {
  it('is nothing where nothing was given', () => expect(matchKeys({})).toEqual({}));
  it('is no name alone, and no company alone', () => expect([matchKeys({ name: 'Bo Lind' }), matchKeys({ company: 'Vela Marine' })]).toEqual([{}, {}]));
  it('holds no address, number or name', () => {
    const told = JSON.stringify(matchKeys({ name: 'Bo Lind', email: 'bo.lind@vela.example', phone: '+41 44 555 01 02', company: 'Vela Marine' }));
    expect(told).toMatch(/^\{("\w+":"[0-9a-f]{32}",?){4}\}$/);
  });
  it('does not mix what was given as one thing with what was given as another', () => expect(new Set(Object.values(matchKeys({ email: '5550102@x', phone: '5550102', name: '5550102', company: '5550102' }))).size).toBe(3));
});
