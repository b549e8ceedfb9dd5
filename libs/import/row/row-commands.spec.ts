import { describe, expect, it } from '@jest/globals';
import { contexts } from '../../domain/contexts.js';
import { CommandRegistry } from '../../dispatch/registry.js';
import type { ImportMap } from '../map/model.js';
import { parseImportMap } from '../map/parse-map.js';
import type { Lookups } from './evaluate.js';
import { rowCommands, setupCommand } from './row-commands.js';

const registry = new CommandRegistry(contexts);
const sender = { source: 'crm', actor: { id: 'ada', role: 'admin' } } as const;

function mapOf(text: string): ImportMap {
  const parsed = parseImportMap(text, registry);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.map;
}

/** A map of one command about a deal, with these lines among its fields. */
const dealMap = (fields: string, more = '') => mapOf(`
source: crm
zone: Europe/Zurich
currency: EUR
files: { prices: prices.csv }
steps:
  - name: deals
    key: [id]
    commands:
      - name: open
        command: OpenDeal
        ${more}
        fields:
          dealId: { id: { key: [id], prefix: crm- } }
          name: { from: name, default: Unnamed }
          ownerId: { const: ada }
          value: { from: amount, default: 0, money: {} }
          ${fields}`);

const prices: Lookups = {
  find: (_, __, text) => (text === 'Oar' ? { found: true, text: '12.50' } : text === 'Sail' ? { found: true } : { found: false }),
};

function commandsOf(map: ImportMap, cells: Readonly<Record<string, string>>) {
  const made = rowCommands(map.steps[0]!, { cell: (column) => cells[column] }, prices, sender);
  return made.ok ? made.groups.flatMap(({ intents }) => intents.map(({ command, occurredAt }) => ({ ...command, ...(occurredAt && { occurredAt }) }))) : made.problems;
}

describe('a row', () => {
  it('becomes a command whose fields are its cells', () => {
    expect(commandsOf(dealMap('company: { from: firm }'), { id: '17', name: 'Rigging', amount: '1250.5', firm: 'Vela Marine' }))
      .toEqual([{ dealId: 'crm-17', name: 'Rigging', ownerId: 'ada', value: { amountMinor: 125_050, currency: 'EUR' }, company: 'Vela Marine' }]);
  });

  it('leaves out the fields whose cells are empty, and uses the defaults of others', () => {
    expect(commandsOf(dealMap('company: { from: firm }'), { id: '17' })).toEqual([{ dealId: 'crm-17', name: 'Unnamed', ownerId: 'ada', value: { amountMinor: 0, currency: 'EUR' } }]);
  });

  it('gets the same command ids every time, others for another key', () => {
    const map = dealMap('');
    const ids = (id: string) => {
      const made = rowCommands(map.steps[0]!, { cell: (column) => (column === 'id' ? id : undefined) }, prices, sender);
      return made.ok ? made.groups.flatMap(({ intents }) => intents.map(({ commandId }) => commandId)) : [];
    };
    expect(ids('1')).toEqual(ids('1'));
    expect(ids('1')).not.toEqual(ids('2'));
  });

  it('reads templates, aliases and lookups', () => {
    const map = dealMap(`
          product: { from: item, values: { OarPro: Oar, "n/a": null } }
          note: x`.replace('\n          note: x', '').trim());
    expect(commandsOf(map, { id: '1', item: 'OarPro' })).toEqual([expect.objectContaining({ product: 'Oar' })]);
    expect(commandsOf(map, { id: '1', item: 'Sail' })).toEqual([expect.objectContaining({ product: 'Sail' })]);
    expect(commandsOf(map, { id: '1', item: 'n/a' })).toEqual([expect.not.objectContaining({ product: expect.anything() })]);
    const template = dealMap('company: { template: "{firm} {{{city}}}" }');
    expect(commandsOf(template, { id: '1', firm: 'Vela', city: 'Bern' })).toEqual([expect.objectContaining({ company: 'Vela {Bern}' })]);
    expect(commandsOf(template, { id: '1', firm: 'Vela' })).toEqual([expect.not.objectContaining({ company: expect.anything() })]);
  });

  it('takes a price from another file, and says which text that file does not know', () => {
    const map = dealMap('source: { lookup: { file: prices, match: product, by: { from: item, values: { Ruder: Oar } }, take: price } }');
    expect(commandsOf(map, { id: '1', item: 'Ruder' })).toEqual([expect.objectContaining({ source: '12.50' })]);
    expect(commandsOf(map, { id: '1', item: 'Sail' })).toEqual([expect.not.objectContaining({ source: expect.anything() })]);
    expect(commandsOf(map, { id: '1', item: 'Keel' })).toEqual([{ field: 'item', reason: '"Keel" is no product in prices', code: 'lookup_not_found' }]);
    const forgiving = dealMap('source: { lookup: { file: prices, match: product, by: { from: item }, take: price }, default: none }');
    expect(commandsOf(forgiving, { id: '1', item: 'Keel' })).toEqual([expect.objectContaining({ source: 'none' })]);
  });

  it('happened when its cell says; a cell that says nothing is not taken for now', () => {
    const map = dealMap('', 'occurredAt: { from: signed, default: { const: 2016-09-30, when: { column: stage, equals: Prospecting } } }');
    expect(commandsOf(map, { id: '1', signed: '2017-07-01' })).toEqual([expect.objectContaining({ occurredAt: '2017-06-30T22:00:00.000Z' })]);
    expect(commandsOf(map, { id: '1', stage: 'Prospecting' })).toEqual([expect.objectContaining({ occurredAt: '2016-09-29T22:00:00.000Z' })]);
    expect(commandsOf(map, { id: '1', stage: 'Won' })).toEqual([{ field: 'signed', reason: 'is empty, and open takes its time from it', code: 'occurred_at_missing' }]);
  });

  it('is told everything that is wrong with it at once, by column', () => {
    const map = dealMap('expectedCloseOn: { from: due, day: { format: dd.MM.yyyy } }');
    expect(commandsOf(map, { amount: 'much', due: '2017-01-01' })).toEqual([
      { field: 'id', reason: 'is empty, and it is part of the key', code: 'key_missing' },
      { field: 'amount', reason: '"much" is no amount such as 1250.50', code: 'money_malformed' },
      { field: 'due', reason: '"2017-01-01" is no date like dd.MM.yyyy', code: 'day_malformed' },
    ]);
  });

  it('is told what the command says of a value, by the column it came from', () => {
    expect(commandsOf(dealMap('stage: { from: stage }'), { id: '1', stage: 'not an id!' })).toEqual([expect.objectContaining({ field: 'stage', code: 'validation_failed' })]);
    expect(commandsOf(dealMap('stage: { from: phase, values: { Open: prospecting }, others: reject }'), { id: '1', phase: 'Shut' })).toEqual([{ field: 'phase', reason: '"Shut" is none of Open', code: 'value_not_listed' }]);
  });

  it('becomes only the commands whose conditions hold', () => {
    const when = (condition: string) => dealMap('', `when: ${condition}`);
    const taken = (condition: string, cells: Record<string, string>) => commandsOf(when(condition), { id: '1', ...cells }).length === 1;
    expect(taken('{ column: s, equals: Won }', { s: 'Won' })).toBe(true);
    expect(taken('{ column: s, equals: Won }', {})).toBe(false);
    expect(taken('{ column: s, equals: 1 }', { s: '1' })).toBe(true);
    expect(taken('{ column: s, in: [Won, Lost] }', { s: 'Lost' })).toBe(true);
    expect(taken('{ column: s, present: true }', { s: 'x' })).toBe(true);
    expect(taken('{ column: s, absent: true }', { s: 'x' })).toBe(false);
    expect(taken('{ not: { column: s, in: [Won, Lost] } }', {})).toBe(true);
    expect(taken('[{ column: s, equals: Won }, { column: t, absent: true }]', { s: 'Won', t: 'x' })).toBe(false);
    expect(taken('{ any: [{ column: s, equals: Won }, { column: t, present: true }] }', { t: 'x' })).toBe(true);
  });

  it('keeps commands about one aggregate together and in order', () => {
    const map = mapOf(`
source: crm
steps:
  - name: people
    key: [id]
    commands:
      - { name: lead, command: AddMember, key: [boss], fields: { memberId: { from: boss }, name: { from: boss }, role: { const: manager }, zone: { const: UTC } } }
      - { name: add, command: AddMember, fields: { memberId: { from: id }, name: { from: id }, role: { const: executive }, zone: { const: UTC } } }
      - { name: capacity, command: SetCapacity, fields: { memberId: { from: id }, openItemsMax: { from: load, number: {} } } }`);
    const made = rowCommands(map.steps[0]!, { cell: (column) => ({ id: 'bo', boss: 'ada', load: '30' })[column] }, prices, sender);
    expect(made.ok && made.groups.map(({ stream, intents }) => [stream, intents.map(({ command }) => command.type)])).toEqual([['member-ada', ['AddMember']], ['member-bo', ['AddMember', 'SetCapacity']]]);
  });

  it('can carry flags, lists and small records', () => {
    const map = mapOf(`
source: crm
steps:
  - name: shares
    key: [id]
    commands:
      - name: split
        command: SplitDealCredit
        fields:
          dealId: { from: id }
          shares:
            list:
              - object: { memberId: { from: first }, percent: { from: firstShare, number: {} } }
              - object: { memberId: { from: second }, percent: { from: secondShare, number: {} } }`);
    expect(commandsOf(map, { id: '1', first: 'ada', firstShare: '100' })).toEqual([{ dealId: '1', shares: [{ memberId: 'ada', percent: 100 }] }]);
    expect(commandsOf(map, { id: '1', first: 'ada', firstShare: '60', second: 'bo', secondShare: '40' })).toEqual([{ dealId: '1', shares: [{ memberId: 'ada', percent: 60 }, { memberId: 'bo', percent: 40 }] }]);
  });
});

describe('a setup command', () => {
  it('is the same command while it says the same, and another when it says something else', () => {
    const idOf = (name: string) => {
      const made = setupCommand(mapOf(`{ source: crm, setup: [{ command: SetPolicy, fields: { zone: ${name} } }], steps: [{ name: s, key: [a], commands: [{ command: SetPolicy, fields: { currency: { from: a } } }] }] }`).setup[0]!, sender);
      return made.ok ? made.groups[0]!.intents[0]!.commandId : '';
    };
    expect(idOf('Europe/Zurich')).toBe(idOf('Europe/Zurich'));
    expect(idOf('Europe/Zurich')).not.toBe(idOf('Europe/Paris'));
  });
});
